using static Load.Peers.Names;

namespace Load.Peers;

/// <summary>The names of the servers, as on the command line and in the table.</summary>
internal static class Names
{
    public const string Ours = "authserver";
    public const string OursOnPostgreSql = "authserver-postgresql";
    public const string OursOnRam = "authserver-ram";
    public const string OidcProvider = "oidc-provider";
    public const string Stock = "stock";
    public const string Plaintext = "plaintext";
}

/// <summary>All kinds of work, and who does them.</summary>
internal static class Scenarios
{
    public const string CcRs256 = "cc-rs256";
    public const string Refresh64 = "refresh-64";
    public const string Discovery = "discovery";

    private const int Few = 8;
    private const int Many = 64;

    private static readonly string[] Everybody = [Ours, OursOnPostgreSql, OidcProvider, Stock];

    public static readonly IReadOnlyList<Scenario> All =
    [
        new(
            "cc-es256",
            Everybody,
            contender => Task.FromResult(Loads.ClientCredentials(contender, "ES256", Few))
        ),
        // The stock engine signs with RS256 in either case, and its key is larger.
        new(
            CcRs256,
            [Ours, OursOnPostgreSql, OidcProvider],
            contender => Task.FromResult(Loads.ClientCredentials(contender, "RS256", Few))
        ),
        new("refresh", Everybody, contender => Loads.RefreshAsync(contender, Few)),
        new(
            Refresh64,
            [Ours, OursOnRam, OursOnPostgreSql, OidcProvider],
            contender => Loads.RefreshAsync(contender, Many)
        ),
        new("code", Everybody, contender => Task.FromResult(Loads.Code(contender, Few))),
        new("introspect", Everybody, contender => Loads.IntrospectAsync(contender, Few)),
        new("userinfo", Everybody, contender => Loads.UserInfoAsync(contender, Few)),
        new(
            Discovery,
            [Ours, OidcProvider, Stock, Plaintext],
            contender =>
                Task.FromResult(
                    contender.Name == Plaintext
                        ? Loads.Plaintext(contender, Few)
                        : Loads.Discovery(contender, Few)
                )
        ),
        new("sign-in", [Ours], SignIns.PrepareAsync),
    ];
}
