using System.Net;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Connect;

/// <summary>OpenID Connect RP-Initiated Logout 1.0.</summary>
public class EndSessionTests(Server server) : IClassFixture<Server>
{
    private const string Home = "http://localhost:5173/";

    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "C-69")]
    public async Task A_client_that_proves_whom_it_means_signs_them_out_at_once(bool byPost)
    {
        var (browser, tokens) = await SignInAsync();
        var cookie = browser.Cookies["session"];

        var page = await LogoutAsync(
            browser,
            byPost,
            ("id_token_hint", tokens["id_token"]),
            ("state", "a b&c=ü/")
        );

        Assert.Equal(HttpStatusCode.Redirect, page.Status);
        Assert.StartsWith($"{Home}?state=", page.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("a b&c=ü/", QueryHelpers.ParseQuery(page.Location.Query)["state"].ToString());
        await AssertSignedOutAsync(browser, cookie, tokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "C-70")]
    public async Task Without_a_hint_the_person_is_asked_and_then_comes_back_to_the_client(bool byPost)
    {
        var (browser, tokens) = await SignInAsync();
        var cookie = browser.Cookies["session"];

        var asked = await LogoutAsync(browser, byPost, ("client_id", "shop-spa"), ("state", "the-state"));
        Assert.True(await browser.IsSignedInAsync());
        Assert.True(await server.IsActiveAsync(tokens["access_token"]));
        var page = await ConfirmAsync(browser, asked);

        Assert.Equal($"{Home}?state=the-state", page.Location!.ToString());
        await AssertSignedOutAsync(browser, cookie, tokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "C-70")]
    public async Task The_hint_of_another_person_signs_nobody_out_and_is_carried_no_further(bool byPost)
    {
        var (_, others) = await SignInAsync();
        var (browser, tokens) = await SignInAsync();
        var cookie = browser.Cookies["session"];

        var asked = await LogoutAsync(browser, byPost, ("id_token_hint", others["id_token"]));

        Assert.True(await browser.IsSignedInAsync());
        Assert.DoesNotContain(others["id_token"], asked.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(Home, (await ConfirmAsync(browser, asked)).Location!.ToString());
        await AssertSignedOutAsync(browser, cookie, tokens);
        Assert.True(await server.IsActiveAsync(others["access_token"]));
    }

    [Fact]
    [Trait("Requirement", "C-70")]
    public async Task A_link_on_another_site_signs_nobody_out()
    {
        var (browser, tokens) = await SignInAsync();

        await browser.GetAsync("connect/logout");
        await browser.PostAsync("connect/logout");
        await browser.GetAsync("connect/signed-out");
        await browser.PostAsync("account/logout?returnUrl=%2Fconnect%2Flogout");

        Assert.True(await browser.IsSignedInAsync());
        Assert.True(await server.IsActiveAsync(tokens["access_token"]));
    }

    [Fact]
    public async Task The_hint_of_an_earlier_sign_in_of_the_same_person_will_do()
    {
        var email = await server.NewPersonAsync("Again And Again");
        var earlier = await _spa.SignInAsync(await server.SignedInAsync(email));
        var browser = await server.SignedInAsync(email);

        var page = await LogoutAsync(browser, byPost: false, ("id_token_hint", earlier["id_token"]));

        Assert.Equal(Home, page.Location!.ToString());
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task An_expired_hint_of_a_live_session_will_do()
    {
        var (browser, tokens) = await SignInAsync();
        server.Clock.Advance(TimeSpan.FromHours(2));
        Assert.True(await browser.IsSignedInAsync());

        var page = await LogoutAsync(browser, byPost: false, ("id_token_hint", tokens["id_token"]));

        Assert.Equal(Home, page.Location!.ToString());
        Assert.False(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("e30.e30.")]
    [InlineData("an access token")]
    [InlineData("an altered one")]
    [InlineData("an unsigned one")]
    [InlineData("a refresh token")]
    public async Task A_hint_that_is_no_ID_token_of_ours_is_refused_not_ignored(string kind)
    {
        var (browser, tokens) = await SignInAsync();
        var parts = tokens["id_token"].Split('.');
        var hint = kind switch
        {
            "an access token" => tokens["access_token"],
            "an altered one" => $"{parts[0]}.{parts[1][..^4]}AAAA.{parts[2]}",
            "an unsigned one" => $"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{parts[1]}.",
            "a refresh token" => tokens["refresh_token"],
            _ => kind,
        };

        foreach (var byPost in (bool[])[false, true])
        {
            var page = await LogoutAsync(browser, byPost, ("id_token_hint", hint));
            AssertRefused(page);
        }

        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task The_hint_of_another_client_is_refused()
    {
        var (browser, _) = await SignInAsync();
        var mobile = await RelyingParty.Mobile(server).SignInAsync(browser);

        var named = await LogoutAsync(
            browser,
            byPost: false,
            ("id_token_hint", mobile["id_token"]),
            ("client_id", "shop-spa")
        );
        var unnamed = await LogoutAsync(browser, byPost: false, ("id_token_hint", mobile["id_token"]));

        AssertRefused(named);
        AssertRefused(unnamed);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Theory]
    [Trait("Requirement", "C-03")]
    [InlineData("http://localhost:5173")]
    [InlineData("http://localhost:5173/callback")]
    [InlineData("http://localhost:5173/?x=1")]
    [InlineData("http://localhost:5173//")]
    [InlineData("http://LOCALHOST:5173/")]
    [InlineData("http://localhost:5173/#x")]
    [InlineData("http://localhost:5173@evil.example/")]
    [InlineData("http://localhost:5080/signout-callback-oidc")]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/account/login")]
    [InlineData("javascript:alert(1)")]
    [InlineData(" http://localhost:5173/")]
    public async Task A_redirect_that_is_not_registered_is_refused(string uri)
    {
        var (browser, tokens) = await SignInAsync();

        var hinted = await LogoutAsync(
            browser,
            byPost: false,
            ("id_token_hint", tokens["id_token"]),
            ("post_logout_redirect_uri", uri)
        );
        var named = await LogoutAsync(
            browser,
            byPost: false,
            ("client_id", "shop-spa"),
            ("post_logout_redirect_uri", uri)
        );

        AssertRefused(hinted);
        AssertRefused(named);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task An_unknown_client_is_refused()
    {
        var (browser, _) = await SignInAsync();

        AssertRefused(await LogoutAsync(browser, byPost: false, ("client_id", "nobody")));
    }

    [Fact]
    public async Task Who_says_no_place_to_go_sees_that_they_are_signed_out()
    {
        var (browser, tokens) = await SignInAsync();

        var page = await browser.GetAsync($"connect/logout?id_token_hint={tokens["id_token"]}");
        var end = await browser.FollowAsync(page);

        Assert.Equal("/connect/signed-out", page.Location!.PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, end.Status);
        Assert.Contains("You are signed out", end.Html, StringComparison.Ordinal);
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Who_is_not_signed_in_goes_straight_back()
    {
        var (_, tokens) = await SignInAsync();
        using var stranger = new Browser(server);

        var hinted = await LogoutAsync(stranger, byPost: false, ("id_token_hint", tokens["id_token"]));
        var named = await LogoutAsync(stranger, byPost: false, ("client_id", "shop-spa"));
        var bare = await LogoutAsync(stranger, byPost: false);

        Assert.All((Page[])[hinted, named, bare], page => Assert.Equal(Home, page.Location!.ToString()));
        Assert.True(await server.IsActiveAsync(tokens["access_token"]));
    }

    [Theory]
    [Trait("Requirement", "C-03")]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task The_page_that_asks_sends_nobody_elsewhere(string url)
    {
        var (browser, _) = await SignInAsync();

        var page = await browser.PressAsync(
            await browser.GetAsync($"account/logout?returnUrl={Uri.EscapeDataString(url)}"),
            "Sign out"
        );

        Assert.Equal(server.Address.Authority, page.Location!.Authority);
        Assert.False(await browser.IsSignedInAsync());
    }

    private async Task<(Browser Browser, Answer Tokens)> SignInAsync()
    {
        var browser = await server.SignedInAsync(await server.NewPersonAsync("Somebody Else"));
        return (browser, await _spa.SignInAsync(browser));
    }

    private static Task<Page> LogoutAsync(
        Browser browser,
        bool byPost,
        params (string Name, string Value)[] parameters
    )
    {
        if (!parameters.Any(parameter => parameter.Name == "post_logout_redirect_uri"))
        {
            parameters = [.. parameters, ("post_logout_redirect_uri", Home)];
        }

        return byPost
            ? browser.PostAsync("connect/logout", parameters)
            : browser.GetAsync(
                QueryHelpers.AddQueryString(
                    "connect/logout",
                    parameters.ToDictionary(
                        parameter => parameter.Name,
                        parameter => (string?)parameter.Value
                    )
                )
            );
    }

    private static async Task<Page> ConfirmAsync(Browser browser, Page asked)
    {
        Assert.StartsWith("/account/logout?", asked.Location!.PathAndQuery, StringComparison.Ordinal);
        var confirmed = await browser.PressAsync(await browser.FollowAsync(asked), "Sign out");
        return await browser.FollowAsync(confirmed);
    }

    private async Task AssertSignedOutAsync(Browser browser, string cookie, Answer tokens)
    {
        Assert.False(browser.Cookies.ContainsKey("session"));
        browser.Cookies["session"] = cookie;
        Assert.False(await browser.IsSignedInAsync());
        Assert.False(await server.IsActiveAsync(tokens["access_token"]));
        Assert.Equal("invalid_grant", (await _spa.RefreshAsync(tokens["refresh_token"]))["error"]);
    }

    private static void AssertRefused(Page page)
    {
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Location);
        Assert.Matches("[0-9a-f]{32}", page.Html);
        Assert.DoesNotContain("openiddict", page.Html, StringComparison.OrdinalIgnoreCase);
    }
}
