namespace AuthServer.Clients;

/// <summary>One client as written in the configuration: an entry of the list <c>Clients</c>.</summary>
internal sealed class ClientSettings
{
    public const string Public = "public";
    public const string Confidential = "confidential";

    public string ClientId { get; set; } = "";

    /// <summary><see cref="Public"/> or <see cref="Confidential"/>; by default what the secret says.</summary>
    public string? Type { get; set; }

    /// <summary>At least 32 characters; none for a public client.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What people read when they are asked for consent; by default the client id.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Any of <c>authorization_code</c>, <c>refresh_token</c>, <c>client_credentials</c>.</summary>
    public List<string> GrantTypes { get; set; } = [];

    public List<string> RedirectUris { get; set; } = [];

    public List<string> PostLogoutRedirectUris { get; set; } = [];

    public List<string> Scopes { get; set; } = [];

    /// <summary>Whether the person is asked before the client gets anything; only one's own clients go without.</summary>
    public bool RequireConsent { get; set; } = true;

    /// <summary>Whether it may ask about tokens; by default a confidential client may, about its own.</summary>
    public bool? Introspection { get; set; }

    /// <summary>False only for an older confidential OpenID Connect client that cannot send a code challenge.</summary>
    public bool RequirePkce { get; set; } = true;

    /// <summary>Whether its authorization requests must be pushed first (RFC 9126).</summary>
    public bool RequirePushedAuthorization { get; set; }

    /// <summary>Whether profile and e-mail claims stand in the ID token too.</summary>
    public bool UserClaimsInIdToken { get; set; }

    /// <summary><c>RS256</c>, which every client can read, or the faster <c>ES256</c>.</summary>
    public string IdTokenSigningAlgorithm { get; set; } = "RS256";

    public bool IsConfidential => Type is null ? ClientSecret is not null : Type == Confidential;

    public bool MayIntrospect => Introspection ?? IsConfidential;

    public bool Uses(string grantType) => GrantTypes.Contains(grantType);
}
