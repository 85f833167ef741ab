using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>Every client of the reference configuration against everything that it was, or was not, given.</summary>
[Trait("Requirement", "C-07")]
public class ClientLimitTests(Server server) : IClassFixture<Server>
{
    [Theory]
    [InlineData("shop-spa", "authorization_code", "invalid_grant")]
    [InlineData("shop-spa", "refresh_token", "invalid_grant")]
    [InlineData("shop-spa", "client_credentials", "unauthorized_client")]
    [InlineData("shop-mobile", "authorization_code", "invalid_grant")]
    [InlineData("shop-mobile", "refresh_token", "invalid_grant")]
    [InlineData("shop-mobile", "client_credentials", "unauthorized_client")]
    [InlineData("partner-web", "authorization_code", "invalid_grant")]
    [InlineData("partner-web", "refresh_token", "invalid_grant")]
    [InlineData("partner-web", "client_credentials", "unauthorized_client")]
    [InlineData("nightly-report", "authorization_code", "invalid_grant")]
    [InlineData("nightly-report", "refresh_token", "invalid_grant")]
    [InlineData("nightly-report", "client_credentials", null)]
    [InlineData("orders-api", "authorization_code", "invalid_grant")]
    [InlineData("orders-api", "refresh_token", "invalid_grant")]
    [InlineData("orders-api", "client_credentials", "unauthorized_client")]
    public async Task A_client_uses_only_the_grants_it_was_given(string clientId, string grant, string? error)
    {
        var client = Client(clientId);

        var answer = await client.PostAsync(
            "connect/token",
            new Dictionary<string, string?>
            {
                ["grant_type"] = grant,
                ["code"] = "made-up",
                ["redirect_uri"] = "http://localhost/",
                ["code_verifier"] = client.Verifier,
                ["refresh_token"] = "made-up",
            }
        );

        Assert.Equal(error is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(error, answer.Has("error") ? answer["error"] : null);
    }

    [Fact]
    public async Task A_genuine_code_is_of_no_use_to_a_client_without_that_grant()
    {
        using var browser = await server.SignedInAsync();
        var spa = RelyingParty.Spa(server);
        var code = await spa.AuthorizeAsync(browser);

        foreach (var clientId in (string[])["nightly-report", "orders-api"])
        {
            var thief = Client(clientId) with { RedirectUri = spa.RedirectUri, Verifier = spa.Verifier };
            Assert.Equal(HttpStatusCode.BadRequest, (await thief.RedeemAsync(code)).Status);
        }
    }

    [Theory]
    [InlineData("shop-spa", "openid profile email offline_access orders.read orders.write")]
    [InlineData("shop-mobile", "openid profile offline_access orders.read")]
    [InlineData("partner-web", "openid profile email offline_access orders.read")]
    public async Task A_client_with_people_gets_only_the_scopes_it_was_given(string clientId, string scopes)
    {
        using var browser = await server.SignedInAsync();
        var client = Client(clientId);
        var given = scopes.Split(' ');

        foreach (var scope in AllScopes)
        {
            // With consent in the way, a good request ends on its page.
            var page = await browser.GetAsync(client.AuthorizeUrl(("scope", scope)));
            var isTaken = page.IsConsent() || page.Callback(client).ContainsKey("code");
            var pushed = await client.PushAsync(("scope", $"openid {scope}"));

            Assert.Equal((scope, given.Contains(scope)), (scope, isTaken));
            Assert.Equal((scope, given.Contains(scope)), (scope, pushed.Has("request_uri")));
            if (!isTaken)
            {
                Pages.AssertRefusedAt(client, page, "invalid_scope");
                Assert.Equal("invalid_scope", pushed["error"]);
            }
        }
    }

    [Fact]
    public async Task A_client_of_its_own_gets_only_the_scopes_it_was_given()
    {
        var report = RelyingParty.Report(server);

        foreach (var scope in AllScopes)
        {
            var answer = await report.ClientCredentialsAsync(("scope", scope));
            Assert.Equal((scope, scope == "orders.read"), (scope, answer.Has("access_token")));
            Assert.Equal(
                (scope, scope == "orders.read" ? null : "invalid_scope"),
                (scope, answer.Has("error") ? answer["error"] : null)
            );
        }
    }

    [Theory]
    [InlineData("nightly-report")]
    [InlineData("orders-api")]
    public async Task A_client_without_people_starts_no_authorization(string clientId)
    {
        using var browser = await server.SignedInAsync();
        var client = Client(clientId) with { RedirectUri = "http://localhost:5173/callback" };

        Pages.AssertRefusedHere(await browser.GetAsync(client.AuthorizeUrl(("scope", "orders.read"))));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PushAsync(("scope", "orders.read"))).Status);
    }

    private static readonly string[] AllScopes =
    [
        "openid",
        "profile",
        "email",
        "offline_access",
        "orders.read",
        "orders.write",
        "address",
        "phone",
        "roles",
        "ORDERS.READ",
        "orders.*",
        "*",
    ];

    private RelyingParty Client(string clientId) =>
        clientId switch
        {
            "shop-spa" => RelyingParty.Spa(server),
            "shop-mobile" => RelyingParty.Mobile(server),
            "partner-web" => RelyingParty.Partner(server),
            "nightly-report" => RelyingParty.Report(server),
            _ => RelyingParty.OrdersApi(server),
        };
}

/// <summary>The same for a client that was not even given <c>openid</c>.</summary>
public class PlainClientTests(MoreClients server) : IClassFixture<MoreClients>
{
    [Theory]
    [Trait("Requirement", "C-07")]
    [InlineData("openid")]
    [InlineData("openid orders.read")]
    [InlineData("orders.read offline_access")]
    [InlineData("profile")]
    public async Task Openid_and_offline_access_are_no_exceptions(string scope)
    {
        using var browser = await server.SignedInAsync();

        Pages.AssertRefusedAt(
            server.Plain,
            await browser.GetAsync(server.Plain.AuthorizeUrl(("scope", scope))),
            "invalid_scope"
        );
        Assert.Equal("invalid_scope", (await server.Plain.PushAsync(("scope", scope)))["error"]);
    }

    [Fact]
    public async Task Without_openid_there_is_no_ID_token_and_no_userinfo()
    {
        using var browser = await server.SignedInAsync();
        var plain = server.Plain with { Scope = "orders.read" };

        var tokens = await plain.SignInAsync(browser);

        Assert.Equal("Bearer", tokens["token_type"]);
        Assert.False(tokens.Has("id_token"));
        Assert.False(tokens.Has("refresh_token"));
        Assert.Equal(HttpStatusCode.Forbidden, (await plain.UserInfoAsync(tokens["access_token"])).Status);
    }

    [Fact]
    public async Task With_one_redirect_uri_a_plain_request_may_leave_it_out()
    {
        using var browser = await server.SignedInAsync();
        var plain = server.Plain with { Scope = "orders.read" };

        var code = await plain.AuthorizeAsync(browser, ("redirect_uri", null));
        var tokens = await plain.RedeemAsync(code, ("redirect_uri", null));

        Assert.Equal(HttpStatusCode.OK, tokens.Status);
    }
}
