// A relying party on openid-client: the whole life of a sign-in, with every check that the library knows switched on.
import * as oidc from 'openid-client';
import { Browser } from './browser.mjs';
import { client, issuer, person, report } from './settings.mjs';

const config = await oidc.discovery(new URL(issuer), client.id, undefined, oidc.None(), {
  execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
});

const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
const expectedState = oidc.randomState();
const expectedNonce = oidc.randomNonce();
const authorize = oidc.buildAuthorizationUrl(config, {
  redirect_uri: client.redirectUri,
  scope: client.scope,
  code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
  state: expectedState,
  nonce: expectedNonce,
  max_age: '3600',
});

const browser = new Browser();
const callback = await browser.signIn(authorize, client.redirectUri, person);
const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true, maxAge: 3600 };
const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
const claims = tokens.claims();
const userInfo = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);

const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
await oidc.tokenRevocation(config, refreshed.refresh_token, { token_type_hint: 'refresh_token' });
const afterRevocation = await oidc.refreshTokenGrant(config, refreshed.refresh_token).catch((error) => error);

const endSession = oidc.buildEndSessionUrl(config, {
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: client.postLogoutRedirectUri,
  state: expectedState,
});
const signedOut = await browser.open(endSession, client.postLogoutRedirectUri);

report({
  subject: claims.sub,
  name: userInfo.name,
  email: userInfo.email,
  scope: tokens.scope,
  hasNewAccessToken: refreshed.access_token !== tokens.access_token,
  hasNewRefreshToken: refreshed.refresh_token !== tokens.refresh_token,
  errorAfterRevocation: afterRevocation.error,
  isStateBack: signedOut.searchParams.get('state') === expectedState,
});
