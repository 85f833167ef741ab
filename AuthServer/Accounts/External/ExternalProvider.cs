namespace AuthServer.Accounts.External;

/// <summary>
/// Somebody else at whom people may sign in. A provider is added by registering one of these with a handler that signs an
/// <see cref="ExternalIdentity"/> in to <see cref="Arrivals.Scheme"/>.
/// </summary>
/// <param name="Id">Its name in forms and in the database.</param>
/// <param name="DisplayName">What its button says.</param>
/// <param name="Issuer">The <see cref="ExternalIdentity.Issuer"/> of everybody it vouches for.</param>
/// <param name="Scheme">The authentication scheme that is challenged.</param>
internal sealed record ExternalProvider(string Id, string DisplayName, string Issuer, string Scheme);
