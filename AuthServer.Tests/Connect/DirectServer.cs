using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>A server whose clients differ in all that an answer depends on.</summary>
public sealed class DirectServer : Server
{
    private const string Secret = "example-secret-of-a-test-client-0123456789abcdef";

    /// <summary>Wants the claims of people in its ID tokens, and reaches an API that takes RS256 only.</summary>
    public RelyingParty Crm =>
        new(this, "crm", "https://crm.example/callback", Secret)
        {
            Scope = "openid profile email offline_access orders.read reports.read",
        };

    /// <summary>Runs in a browser; takes ES256 only, and asks for nobody's name and no API.</summary>
    public RelyingParty Game =>
        new(this, "game", "https://game.example/callback") { Scope = "openid offline_access" };

    /// <summary>Works for people without knowing who they are.</summary>
    public RelyingParty Robot =>
        new(this, "robot", "https://robot.example/callback", Secret) { Scope = "offline_access orders.read" };

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("Apis:1:Name", "reports-api"),
            new("Apis:1:Scopes:0", "reports.read"),
            new("Apis:1:SigningAlgorithm", "RS256"),
            .. Client(5, Crm, ("UserClaimsInIdToken", "true"), ("Introspection", "true")),
            .. Client(6, Game, ("Type", "public"), ("IdTokenSigningAlgorithm", "ES256")),
            .. Client(7, Robot),
        ];

    private static IEnumerable<KeyValuePair<string, string>> Client(
        int index,
        RelyingParty client,
        params (string Name, string Value)[] others
    )
    {
        (string Name, string Value)[] settings =
        [
            ("ClientId", client.ClientId),
            ("RedirectUris:0", client.RedirectUri),
            ("RequireConsent", "false"),
            ("GrantTypes:0", "authorization_code"),
            ("GrantTypes:1", "refresh_token"),
            .. client.Secret is { } secret
                ? [("GrantTypes:2", "client_credentials"), ("ClientSecret", secret)]
                : ((string, string)[])[],
            .. client.Scope.Split(' ').Select((scope, i) => ($"Scopes:{i}", scope)),
            .. others,
        ];
        return settings.Select(setting =>
            KeyValuePair.Create($"Clients:{index}:{setting.Name}", setting.Value)
        );
    }
}
