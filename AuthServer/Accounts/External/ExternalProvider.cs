namespace AuthServer.Accounts.External;

/// <summary>
/// Somebody else at whom people may sign in. A provider is added by registering one of these with a handler that signs an
/// <see cref="ExternalIdentity"/> in to <see cref="Arrivals.Scheme"/>.
/// </summary>
/// <param name="Id">Its name in forms and in the database.</param>
/// <param name="DisplayName">What its button says.</param>
/// <param name="Issuer">
/// The <see cref="ExternalIdentity.Issuer"/> of everybody it vouches for; with <see cref="AnyTenant"/> in it when each of
/// its customers is an issuer of its own.
/// </param>
/// <param name="Scheme">The authentication scheme that is challenged.</param>
internal sealed record ExternalProvider(string Id, string DisplayName, string Issuer, string Scheme)
{
    /// <summary>Stands for the GUID of a customer.</summary>
    public const string AnyTenant = "{tenantid}";

    /// <summary>Whether this is how it calls itself; a slash at the end is no difference.</summary>
    public bool Vouches(string issuer) => IsTemplate ? TenantIn(issuer) : SameAs(issuer);

    /// <summary>The one spelling of an issuer for which it vouches.</summary>
    public string IssuerOf(string issuer) => IsTemplate ? issuer : Issuer;

    private bool IsTemplate => Issuer.Contains(AnyTenant, StringComparison.Ordinal);

    private bool SameAs(string issuer) => issuer.TrimEnd('/') == Issuer.TrimEnd('/');

    private bool TenantIn(string issuer)
    {
        var around = Issuer.Split(AnyTenant);
        return issuer.StartsWith(around[0], StringComparison.Ordinal)
            && issuer.EndsWith(around[1], StringComparison.Ordinal)
            && issuer.Length > around[0].Length + around[1].Length
            && Guid.TryParseExact(issuer[around[0].Length..^around[1].Length], "D", out _);
    }
}
