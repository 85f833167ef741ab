using System.Net;
using System.Text.Json;

namespace Load.Peers;

/// <summary>AuthServer as in Production: every promise kept, only the limits are out of the way.</summary>
internal static class AuthServerEntry
{
    private static int _people;

    private static readonly Dialect Dialect = new()
    {
        Authorize = "connect/authorize",
        Token = "connect/token",
        Introspect = "connect/introspect",
        UserInfo = "connect/userinfo",
        Keys = ".well-known/jwks",
        OwnToken = new Dictionary<string, string>
        {
            ["ES256"] = "scope=orders.read",
            ["RS256"] = "scope=reports.read",
        },
        PersonsToken = "openid%20offline_access%20orders.read",
        SignInAsync = async browser => await SignInAsync(browser, await RegisterAsync(browser)),
    };

    /// <summary>One of its databases.</summary>
    /// <param name="name">Where its database is, in a word.</param>
    /// <param name="program">The published dll.</param>
    /// <param name="postgreSql">The connection string; null for SQLite.</param>
    public static Entry Of(string name, string program, string? postgreSql = null) =>
        new(
            name,
            Dialect,
            (folder, port) =>
            {
                File.WriteAllText(Path.Combine(folder, "bench.json"), JsonSerializer.Serialize(Clients()));
                return new Launch(["dotnet", program], Settings(port, postgreSql));
            }
        );

    /// <summary>Somebody new; gives the e-mail.</summary>
    public static async Task<string> RegisterAsync(Browser browser)
    {
        var email = $"person{Interlocked.Increment(ref _people)}@example.org";
        using var answer = await browser.PostJsonAsync(
            "api/account/register",
            new
            {
                email,
                password = Crowd.Password,
                name = "Ada Lovelace",
            }
        );
        Browser.Require(answer, HttpStatusCode.Created);
        return email;
    }

    /// <summary>By the form: the page, then the password.</summary>
    public static async Task SignInAsync(Browser browser, string email)
    {
        using var page = await browser.GetAsync("account/login");
        Browser.Require(page, HttpStatusCode.OK);
        using var answer = await browser.PostAsync(
            "account/login",
            new Dictionary<string, string>
            {
                ["Email"] = email,
                ["Password"] = Crowd.Password,
                ["__RequestVerificationToken"] = Web.FormToken(await page.Content.ReadAsStringAsync()),
            }
        );
        Browser.Require(answer, HttpStatusCode.Redirect);
    }

    private static object Clients() =>
        new
        {
            Clients = new[]
            {
                new
                {
                    Bench.ClientId,
                    ClientSecret = Bench.Secret,
                    GrantTypes = new[] { "authorization_code", "refresh_token", "client_credentials" },
                    RedirectUris = new[] { Bench.RedirectUri },
                    Scopes = new[] { "openid", "offline_access", "orders.read", "reports.read" },
                    RequireConsent = false,
                    IdTokenSigningAlgorithm = "ES256",
                },
            },
            Apis = new[]
            {
                new
                {
                    Name = "orders-api",
                    Scopes = new[] { "orders.read" },
                    SigningAlgorithm = "ES256",
                },
                new
                {
                    Name = "reports-api",
                    Scopes = new[] { "reports.read" },
                    SigningAlgorithm = "RS256",
                },
            },
        };

    private static Dictionary<string, string> Settings(int port, string? postgreSql)
    {
        var address = $"http://127.0.0.1:{port}/";
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = address,
            ["AUTHSERVER_CONFIG"] = "bench.json",
            ["Issuer"] = address,
            ["Unsafe__AllowHttpIssuer"] = "true",
            ["Unsafe__AllowOutdatedRuntime"] = "true",
            ["Unsafe__AllowLettersToLog"] = "true",
            ["Accounts__RequireConfirmedEmail"] = "false",
            ["RateLimits__Global__PermitLimit"] = "1000000000",
            ["RateLimits__PerUser__PermitLimit"] = "1000000000",
            ["RateLimits__PerClient__PermitLimit"] = "1000000000",
            ["Drain__Delay"] = "00:00:00",
        };
        if (postgreSql is not null)
        {
            settings["Data__Provider"] = "PostgreSql";
            settings["Data__ConnectionString"] = postgreSql;
            settings["Data__MasterKeyFile"] = "master.key";
        }

        return settings;
    }
}
