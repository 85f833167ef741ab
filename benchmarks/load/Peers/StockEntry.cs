using System.Globalization;
using System.Net;

namespace Load.Peers;

/// <summary>OpenIddict as its documentation sets it up, and the bare Kestrel that its program also holds.</summary>
internal static class StockEntry
{
    private static readonly Dialect Dialect = new()
    {
        Authorize = "connect/authorize",
        Token = "connect/token",
        Introspect = "connect/introspect",
        UserInfo = "connect/userinfo",
        Keys = ".well-known/jwks",
        OwnToken = new Dictionary<string, string> { ["ES256"] = "scope=orders.read" },
        PersonsToken = "openid%20offline_access%20orders.read",
        SignInAsync = async browser =>
        {
            using var answer = await browser.GetAsync("sign-in");
            Browser.Require(answer, HttpStatusCode.NoContent);
        },
    };

    public static Entry Of(string program) =>
        new(Names.Stock, Dialect, (folder, port) => new Launch(Words(program, port), Environment(folder)));

    /// <summary>The floor of any server on Kestrel.</summary>
    public static Entry Plaintext(string program) =>
        new(
            Names.Plaintext,
            Dialect with
            {
                Discovery = "hello",
                SignInAsync = _ => Task.CompletedTask,
            },
            (folder, port) => new Launch([.. Words(program, port), "--plaintext"], Environment(folder))
        );

    private static string[] Words(string program, int port) =>
        [
            "dotnet",
            program,
            "--contentRoot",
            Path.GetDirectoryName(program)!,
            "--urls",
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"),
        ];

    // The development certificates (RSA-4096) lie in the user's own store, which shall be that of this folder.
    private static Dictionary<string, string> Environment(string folder) =>
        new()
        {
            ["HOME"] = folder,
            ["BENCH_SECRET"] = Bench.Secret,
            ["BENCH_REDIRECT"] = Bench.RedirectUri,
        };
}
