using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>
/// What is answered directly is what the engine answers. A parameter that nobody knows changes nothing (RFC 6749 §3.2), but
/// makes a request one that is left to the engine, whose JSON is indented.
/// </summary>
public class DirectAnswerTests(DirectServer server) : IClassFixture<DirectServer>
{
    private static readonly (string, string?) Unknown = ("something_else", "1");

    // What differs from one token to the next, from one family to the next, and from one second to the next.
    private static readonly string[] Fleeting =
    [
        .. "access_token refresh_token id_token jti oi_tkn_id oi_au_id exp iat nbf expires_in at_hash".Split(
            ' '
        ),
    ];

    [Theory]
    [InlineData("crm", "orders.read")]
    [InlineData("crm", "reports.read orders.read")]
    [InlineData("crm", null)]
    [InlineData("robot", "orders.read")]
    [InlineData("robot", null)]
    public async Task A_client_gets_the_same_token_for_itself(string name, string? scope)
    {
        var client = Of(name);
        (string, string?)[] asked = [("grant_type", "client_credentials"), ("scope", scope)];

        var engine = await TellAsync(client, "connect/token", [.. asked, Unknown]);
        var direct = await TellAsync(client, "connect/token", asked);

        AssertSame(engine, direct);
    }

    [Theory]
    [InlineData("crm", null)]
    [InlineData("crm", "openid email")]
    [InlineData("game", null)]
    [InlineData("robot", null)]
    [InlineData("shop-spa", null)]
    public async Task A_code_gives_the_same_tokens(string name, string? scope)
    {
        var client = Of(name);
        client = client with { Scope = scope ?? client.Scope };
        var browser = await server.SignedInAsync();

        var engine = await TellAsync(client, "connect/token", [.. await CodeAsync(client, browser), Unknown]);
        var direct = await TellAsync(client, "connect/token", await CodeAsync(client, browser));

        AssertSame(engine, direct);
        if (direct.Json["refresh_token"] is { } refreshToken)
        {
            var after = await TellAsync(
                client,
                "connect/token",
                ("grant_type", "refresh_token"),
                ("refresh_token", refreshToken.ToString()),
                Unknown
            );
            AssertEqual(engine, after);
            Assert.Equal(FamilyOf(direct), FamilyOf(after));
        }
    }

    [Theory]
    [InlineData("crm")]
    [InlineData("game")]
    [InlineData("robot")]
    [InlineData("shop-spa")]
    public async Task A_refresh_gives_the_same_tokens(string name)
    {
        var client = Of(name);
        var first = await client.SignInAsync(await server.SignedInAsync());
        (string, string?) grant = ("grant_type", "refresh_token");

        var engine = await TellAsync(
            client,
            "connect/token",
            grant,
            ("refresh_token", first["refresh_token"]),
            Unknown
        );
        var direct = await TellAsync(
            client,
            "connect/token",
            grant,
            ("refresh_token", engine.Json["refresh_token"]!.ToString())
        );
        var after = await TellAsync(
            client,
            "connect/token",
            grant,
            ("refresh_token", direct.Json["refresh_token"]!.ToString()),
            Unknown
        );

        AssertSame(engine, direct);
        AssertEqual(engine, after);
        Assert.Equal(FamilyOf(engine), FamilyOf(direct));
        Assert.Equal(FamilyOf(engine), FamilyOf(after));
    }

    [Theory]
    [InlineData("crm")]
    [InlineData("game")]
    public async Task An_access_token_tells_the_same_of_the_person(string name)
    {
        var client = Of(name);
        var tokens = await client.SignInAsync(await server.SignedInAsync());

        var engine = await TellAsync(() => UserInfo(tokens["access_token"]));
        var direct = await TellAsync(() => UserInfo(tokens["access_token"]));

        Assert.Equal(engine.Json.ToJsonString(), direct.Json.ToJsonString());
        Assert.Equal(engine.Headers, direct.Headers);
    }

    [Theory]
    [InlineData("crm", "crm")]
    [InlineData("crm", "orders-api")]
    [InlineData("robot", "orders-api")]
    public async Task Introspection_says_the_same(string of, string to)
    {
        var tokens = await Of(of).SignInAsync(await server.SignedInAsync());
        (string, string?) token = ("token", tokens["access_token"]);
        var api = to == "orders-api" ? RelyingParty.OrdersApi(server) : Of(to);

        var engine = await TellAsync(api, "connect/introspect", token, Unknown);
        var direct = await TellAsync(api, "connect/introspect", token);

        AssertSame(engine, direct);
    }

    [Fact]
    public async Task Introspection_of_a_client_s_own_token_says_the_same()
    {
        var tokens = await server.Crm.ClientCredentialsAsync();
        (string, string?) token = ("token", tokens["access_token"]);

        var engine = await TellAsync(server.Crm, "connect/introspect", token, Unknown);
        var direct = await TellAsync(server.Crm, "connect/introspect", token);

        AssertSame(engine, direct);
    }

    private static async Task<(string, string?)[]> CodeAsync(RelyingParty client, Browser browser) =>
        [
            ("grant_type", "authorization_code"),
            ("code", await client.AuthorizeAsync(browser)),
            ("redirect_uri", client.RedirectUri),
            ("code_verifier", client.Verifier),
        ];

    private RelyingParty Of(string name) =>
        name switch
        {
            "crm" => server.Crm,
            "game" => server.Game,
            "robot" => server.Robot,
            _ => RelyingParty.Spa(server),
        };

    private static void AssertSame(Told engine, Told direct)
    {
        Assert.True(engine.IsOfEngine);
        Assert.False(direct.IsOfEngine);
        AssertEqual(engine, direct);
    }

    private static void AssertEqual(Told engine, Told direct)
    {
        Assert.Equal(Shape(engine.Json), Shape(direct.Json));
        Assert.Equal(engine.Headers, direct.Headers);
        foreach (var name in (string[])["access_token", "id_token"])
        {
            if (engine.Json[name]?.ToString() is { } token)
            {
                var other = direct.Json[name]!.ToString();
                Assert.Equal(Shape(Jwt.Header(token)), Shape(Jwt.Header(other)));
                Assert.Equal(Shape(Jwt.Payload(token)), Shape(Jwt.Payload(other)));
            }
        }
    }

    private static string FamilyOf(Told told) =>
        Jwt.Payload(told.Json["access_token"]!.ToString())["oi_au_id"]!.ToString();

    // Names with their values, sorted, but only that they are there of what is never the same.
    private static string[] Shape(JsonNode json) =>
        [
            .. json.AsObject()
                .Select(field =>
                    $"{field.Key}: {(Fleeting.Contains(field.Key) ? "…" : field.Value!.ToJsonString())}"
                )
                .Order(StringComparer.Ordinal),
        ];

    private Task<Told> TellAsync(RelyingParty client, string path, params (string Name, string? Value)[] form)
    {
        (string Name, string? Value)[] all =
        [
            ("client_id", client.ClientId),
            ("client_secret", client.Secret),
            .. form,
        ];
        return TellAsync(() =>
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new FormUrlEncodedContent(
                    all.Where(field => field.Value is not null)
                        .Select(field => KeyValuePair.Create(field.Name, field.Value!))
                ),
            }
        );
    }

    private async Task<Told> TellAsync(Func<HttpRequestMessage> make)
    {
        using var request = make();
        using var response = await server.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return new Told(
            JsonNode.Parse(text)!,
            text.Contains('\n', StringComparison.Ordinal),
            [
                .. response
                    .Headers.Concat(response.Content.Headers)
                    .Where(header => header.Key is not ("Date" or "Content-Length" or "Transfer-Encoding"))
                    .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")
                    .Order(StringComparer.Ordinal),
            ]
        );
    }

    private static HttpRequestMessage UserInfo(string token) =>
        new(HttpMethod.Get, "connect/userinfo")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };

    private sealed record Told(JsonNode Json, bool IsOfEngine, string[] Headers);
}
