using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>Addresses that a request names and that nobody registered.</summary>
[Trait("Requirement", "C-03")]
public class OpenRedirectorTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Theory]
    [InlineData("nobody")]
    [InlineData("SHOP-SPA")]
    [InlineData("shop-spa ")]
    [InlineData("shop-spa\0")]
    [InlineData("")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("nightly-report")]
    [InlineData("orders-api")]
    [InlineData(null)]
    public async Task A_client_that_is_not_there_is_sent_nowhere(string? clientId)
    {
        using var browser = await server.SignedInAsync();

        var good = await browser.GetAsync(_spa.AuthorizeUrl(("client_id", clientId)));
        var evil = await browser.GetAsync(
            _spa.AuthorizeUrl(("client_id", clientId), ("redirect_uri", "https://evil.example/"))
        );

        Pages.AssertRefusedHere(good);
        Pages.AssertRefusedHere(evil);
        Assert.DoesNotContain("evil.example", evil.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_scope_with_a_good_redirect_uri_is_told_there_and_nowhere_else()
    {
        using var browser = await server.SignedInAsync();
        var mobile = RelyingParty.Mobile(server) with { RedirectUri = "http://127.0.0.1:51004/callback" };

        Pages.AssertRefusedAt(
            _spa,
            await browser.GetAsync(_spa.AuthorizeUrl(("scope", "root"))),
            "invalid_scope"
        );
        Pages.AssertRefusedAt(
            mobile,
            await browser.GetAsync(mobile.AuthorizeUrl(("scope", "openid root"))),
            "invalid_scope"
        );
        Pages.AssertRefusedHere(await browser.GetAsync(_spa.AuthorizeUrl(("redirect_uri", null))));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("http://localhost:5173")]
    [InlineData("http://localhost:5173/?next=evil")]
    [InlineData("http://localhost:5173@evil.example/")]
    [InlineData("http://localhost:5173/callback")]
    [InlineData("http://LOCALHOST:5173/")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_out_leads_to_no_address_that_was_not_registered_for_it(string uri)
    {
        using var browser = await server.SignedInAsync();
        using var stranger = new Browser(server);
        var hint = (await _spa.SignInAsync(browser))["id_token"];
        var address = Uri.EscapeDataString(uri);
        string[] urls =
        [
            $"/connect/logout?post_logout_redirect_uri={address}",
            $"/connect/logout?client_id=shop-spa&post_logout_redirect_uri={address}",
            $"/connect/logout?id_token_hint={hint}&post_logout_redirect_uri={address}",
        ];

        foreach (var url in urls)
        {
            foreach (var visitor in new[] { stranger, browser })
            {
                var page = await visitor.FollowHereAsync(await visitor.GetAsync(url), server);
                Assert.Null(page.Location);
                Assert.DoesNotContain("http-equiv", page.Html, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("\\\\evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("/\n/evil.example/")]
    [InlineData(" https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("connect/authorize")]
    public async Task Signing_in_leads_nowhere_else(string returnUrl)
    {
        using var browser = new Browser(server);
        var url = $"account/login?returnUrl={Uri.EscapeDataString(returnUrl)}";

        var signedIn = await browser.SignInAsync(url: url);
        var continued = await browser.PressAsync(await browser.GetAsync(url), "Continue");

        Assert.Equal(server.Address, signedIn.Location);
        Assert.Equal(server.Address, continued.Location);
    }
}
