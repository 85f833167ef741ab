/** What the test says to a script, in environment variables. */
export const issuer = process.env.ISSUER;
export const person = { email: process.env.PERSON_EMAIL, password: process.env.PERSON_PASSWORD };

/** The client `shop-spa` of the test configuration. */
export const client = {
  id: 'shop-spa',
  redirectUri: 'http://localhost:5173/callback',
  postLogoutRedirectUri: 'http://localhost:5173/',
  scope: 'openid profile email offline_access orders.read',
};

/** What the script tells the test. */
export function report(findings) {
  console.log(JSON.stringify(findings));
}
