using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>A server that knows, beside the common ones, a client for each switch of the settings.</summary>
public sealed class MoreClients : Server
{
    private const string Secret = "example-secret-of-a-test-client-0123456789abcdef";

    /// <summary>Must push its requests.</summary>
    public RelyingParty Bank => Confidential("bank", "https://bank.example/callback");

    /// <summary>Need not send a code challenge.</summary>
    public RelyingParty Legacy => Confidential("legacy", "https://legacy.example/callback");

    /// <summary>Gets the claims of the person in the ID token.</summary>
    public RelyingParty Crm => Confidential("crm", "https://crm.example/callback");

    /// <summary>Has a name full of markup, and must ask for consent.</summary>
    public RelyingParty Markup => Confidential("markup", "https://markup.example/callback");

    /// <summary>An app of somebody else's, which must ask for consent.</summary>
    public RelyingParty App => new(this, "app", "com.example.app:/callback") { Scope = "openid" };

    /// <summary>Has no scope about people, not even <c>openid</c>.</summary>
    public RelyingParty Plain => Confidential("plain", "https://plain.example/callback");

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            .. Client(5, Bank, "openid", ("RequirePushedAuthorization", "true")),
            .. Client(6, Legacy, "openid", ("RequirePkce", "false")),
            .. Client(7, Crm, "openid profile email", ("UserClaimsInIdToken", "true")),
            .. Client(
                8,
                Markup,
                "openid",
                ("RequireConsent", "true"),
                ("DisplayName", "<script>alert(1)</script> \"Bank\" & <b>Sons</b>")
            ),
            .. Client(9, App, "openid", ("RequireConsent", "true")),
            .. Client(10, Plain, "orders.read"),
        ];

    private RelyingParty Confidential(string clientId, string redirectUri) =>
        new(this, clientId, redirectUri, Secret) { Scope = "openid" };

    private static IEnumerable<KeyValuePair<string, string>> Client(
        int index,
        RelyingParty client,
        string scopes,
        params (string Name, string Value)[] others
    )
    {
        var settings = new Dictionary<string, string>
        {
            ["ClientId"] = client.ClientId,
            ["GrantTypes:0"] = "authorization_code",
            ["RedirectUris:0"] = client.RedirectUri,
            ["RequireConsent"] = "false",
        };
        if (client.Secret is not null)
        {
            settings["ClientSecret"] = client.Secret;
        }

        foreach (var (i, scope) in scopes.Split(' ').Index())
        {
            settings[$"Scopes:{i}"] = scope;
        }

        foreach (var (name, value) in others)
        {
            settings[name] = value;
        }

        return settings.Select(setting =>
            KeyValuePair.Create($"Clients:{index}:{setting.Key}", setting.Value)
        );
    }
}
