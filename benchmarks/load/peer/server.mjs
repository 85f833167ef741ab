// The peer: node server.mjs <port> <database file> <client secret> <redirect uri> <RSA bits> [ES256 | RS256 for ID tokens].
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { openStore } from './store.mjs';

const [port, database, secret, redirectUri, rsaBits, idTokenAlgorithm = 'ES256'] = process.argv.slice(2);
const personId = 'ada';
const oidcScopes = 'openid offline_access';
const apiScopes = 'orders.read';
// An API asks for the algorithm of its access tokens: a client names the API to get it.
const algorithms = { 'urn:bench:es256': 'ES256', 'urn:bench:rs256': 'RS256' };

function key(alg, type, options) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: 'jwk' }), alg, kid: alg, use: 'sig' };
}

async function grantAll(ctx) {
  const { session, client, provider } = ctx.oidc;
  const known = session.grantIdFor(client.clientId);
  if (known) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(oidcScopes);
  Object.keys(algorithms).forEach((api) => grant.addResourceScope(api, apiScopes));
  await grant.save();
  return grant;
}

const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: openStore(database),
  clients: [
    {
      client_id: 'bench',
      client_secret: secret,
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      redirect_uris: [redirectUri],
      id_token_signed_response_alg: idTokenAlgorithm,
    },
  ],
  cookies: { keys: [secret] },
  jwks: {
    keys: [
      key('ES256', 'ec', { namedCurve: 'P-256' }),
      key('RS256', 'rsa', { modulusLength: Number(rsaBits) }),
    ],
  },
  scopes: oidcScopes.split(' '),
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  loadExistingGrant: grantAll,
  issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  ttl: { AccessToken: 900, ClientCredentials: 900, IdToken: 900, AuthorizationCode: 60, RefreshToken: 604800, Session: 86400, Grant: 1209600, Interaction: 600 },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, api) => ({
        scope: apiScopes,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 900,
        jwt: { sign: { alg: algorithms[api] } },
      }),
    },
  },
});

// Whoever arrives without a session is signed in at once.
const answer = provider.callback();
const signIn = (request, response) =>
  provider.interactionFinished(request, response, { login: { accountId: personId } });
createServer((request, response) =>
  request.url.startsWith('/interaction/') ? signIn(request, response) : answer(request, response),
).listen(Number(port), '127.0.0.1');
