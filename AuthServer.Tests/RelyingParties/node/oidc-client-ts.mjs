// A relying party on oidc-client-ts, the library of many single-page applications; its storage is memory here.
import { InMemoryWebStorage, OidcClient, WebStorageStateStore } from 'oidc-client-ts';
import { Browser } from './browser.mjs';
import { client, issuer, person, report } from './settings.mjs';

const oidc = new OidcClient({
  authority: issuer,
  client_id: client.id,
  redirect_uri: client.redirectUri,
  post_logout_redirect_uri: client.postLogoutRedirectUri,
  scope: client.scope,
  loadUserInfo: true,
  stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
});

const browser = new Browser();
const signIn = await oidc.createSigninRequest({ state: 'the page before' });
const callback = await browser.signIn(signIn.url, client.redirectUri, person);
const tokens = await oidc.processSigninResponse(callback.href);

const { refresh_token, id_token, session_state, scope, profile } = tokens;
const state = { refresh_token, id_token, session_state, scope, profile };
const refreshed = await oidc.useRefreshToken({ state });
await oidc.revokeToken(refreshed.refresh_token, 'refresh_token');
const afterRevocation = await oidc
  .useRefreshToken({ state: { ...state, refresh_token: refreshed.refresh_token } })
  .catch((error) => error);

const signOut = await oidc.createSignoutRequest({ id_token_hint: id_token, state: 'the page after' });
const signedOut = await browser.open(signOut.url, client.postLogoutRedirectUri);
const goodbye = await oidc.processSignoutResponse(signedOut.href);

report({
  subject: profile.sub,
  name: profile.name,
  email: profile.email,
  scope: tokens.scope,
  hasNewAccessToken: refreshed.access_token !== tokens.access_token,
  hasNewRefreshToken: refreshed.refresh_token !== tokens.refresh_token,
  errorAfterRevocation: afterRevocation.error,
  isStateBack: tokens.userState === 'the page before' && goodbye.userState === 'the page after',
});
