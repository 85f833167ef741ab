using System.Globalization;

namespace Load.Peers;

/// <summary>The peer, as somebody who knows Node would run it.</summary>
internal static class OidcProviderEntry
{
    private const string Es256Api = "urn:bench:es256";
    private const string Rs256Api = "urn:bench:rs256";

    private static readonly Dialect Dialect = new()
    {
        Authorize = "auth",
        Token = "token",
        Introspect = "token/introspection",
        UserInfo = "me",
        Keys = "jwks",
        OwnToken = new Dictionary<string, string>
        {
            ["ES256"] = $"scope=orders.read&resource={Es256Api}",
            ["RS256"] = $"scope=orders.read&resource={Rs256Api}",
        },
        PersonsToken = $"openid%20offline_access%20orders.read&resource={Es256Api}",
        // Whoever asks for a code without a session gets one.
        SignInAsync = async browser => await browser.CodeAsync(Dialect!.AuthorizeFor(Bench.PersonScopes)),
    };

    public static Entry Of(string script) =>
        new(
            Names.OidcProvider,
            Dialect,
            (_, port) =>
                new Launch(
                    [
                        "node",
                        script,
                        Number(port),
                        "peer.db",
                        Bench.Secret,
                        Bench.RedirectUri,
                        Number(Bench.RsaBits),
                    ],
                    new Dictionary<string, string> { ["NODE_ENV"] = "production" }
                )
        );

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
