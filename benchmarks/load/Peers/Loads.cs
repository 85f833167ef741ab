using System.Text.Json;

namespace Load.Peers;

/// <summary>Each kind of work as wrk is told it: a script, and what the script reads from its environment.</summary>
internal static class Loads
{
    // wrk asks for a request before it opens its connections, and throws that one away.
    private const int Spare = 8;

    public static Drive ClientCredentials(Contender contender, string algorithm, int connections) =>
        Same(
            contender,
            contender.Dialect.Token,
            connections,
            "\"access_token\"|eyJ",
            $"grant_type=client_credentials&{contender.Dialect.OwnToken[algorithm]}"
        );

    public static async Task<Drive> IntrospectAsync(Contender contender, int connections)
    {
        var token = await PersonsTokenAsync(contender);
        return Same(
            contender,
            contender.Dialect.Introspect,
            connections,
            "\"active\"|true|\"sub\"",
            $"token={token}"
        );
    }

    public static async Task<Drive> UserInfoAsync(Contender contender, int connections)
    {
        var told = new Dictionary<string, string>
        {
            ["BENCH_METHOD"] = "GET",
            ["BENCH_AUTHORIZATION"] = $"Bearer {await PersonsTokenAsync(contender)}",
            ["BENCH_EXPECTED"] = "\"sub\"",
        };
        return Run(contender, "same.lua", contender.Dialect.UserInfo, connections, told);
    }

    /// <summary>A chain for each connection, new for each measurement.</summary>
    public static async Task<Drive> RefreshAsync(Contender contender, int connections)
    {
        var tokens = new List<string>();
        for (var i = 0; i < connections + Spare; i++)
        {
            var answer = await contender.Browser.TokensAsync(
                contender.Dialect,
                contender.Dialect.PersonsToken
            );
            tokens.Add(answer.GetProperty("refresh_token").GetString()!);
        }

        var file = Path.Combine(contender.Folder, "tokens.txt");
        await File.WriteAllLinesAsync(file, tokens);
        var told = new Dictionary<string, string>
        {
            ["BENCH_TOKENS"] = file,
            ["BENCH_AUTHORIZATION"] = Bench.Authorization,
        };
        return Run(contender, "refresh.lua", contender.Dialect.Token, connections, told);
    }

    public static Drive Code(Contender contender, int connections)
    {
        var told = new Dictionary<string, string>
        {
            ["BENCH_AUTHORIZE"] = $"/{contender.Dialect.AuthorizeFor(contender.Dialect.PersonsToken)}",
            ["BENCH_COOKIE"] = contender.Browser.Cookies.Header,
            ["BENCH_AUTHORIZATION"] = Bench.Authorization,
            ["BENCH_BODY"] =
                $"grant_type=authorization_code&code_verifier={Bench.Verifier}&redirect_uri={Uri.EscapeDataString(Bench.RedirectUri)}",
        };
        return Run(contender, "code.lua", contender.Dialect.Token, connections, told);
    }

    public static Drive Discovery(Contender contender, int connections)
    {
        var told = new Dictionary<string, string> { ["BENCH_KEYS"] = $"/{contender.Dialect.Keys}" };
        return Run(contender, "discovery.lua", contender.Dialect.Discovery, connections, told);
    }

    /// <summary>The floor: what Kestrel takes for an answer of a word.</summary>
    public static Drive Plaintext(Contender contender, int connections)
    {
        var told = new Dictionary<string, string>
        {
            ["BENCH_METHOD"] = "GET",
            ["BENCH_AUTHORIZATION"] = "none",
            ["BENCH_EXPECTED"] = "Hello",
        };
        return Run(contender, "same.lua", contender.Dialect.Discovery, connections, told);
    }

    private static async Task<string> PersonsTokenAsync(Contender contender)
    {
        JsonElement tokens = await contender.Browser.TokensAsync(contender.Dialect, Bench.PersonScopes);
        return tokens.GetProperty("access_token").GetString()!;
    }

    private static Drive Same(Contender contender, string path, int connections, string expected, string form)
    {
        var told = new Dictionary<string, string>
        {
            ["BENCH_METHOD"] = "POST",
            ["BENCH_BODY"] = form,
            ["BENCH_AUTHORIZATION"] = Bench.Authorization,
            ["BENCH_EXPECTED"] = expected,
        };
        return Run(contender, "same.lua", path, connections, told);
    }

    private static Drive Run(
        Contender contender,
        string script,
        string path,
        int connections,
        Dictionary<string, string> told
    ) => seconds => Wrk.RunAsync(script, new Uri(contender.Address, path), connections, seconds, told);
}
