using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>What an authorization request may want of the person, and how they come back from it.</summary>
public class PromptTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_stranger_signs_in_and_comes_back_with_everything_intact(string method)
    {
        using var browser = new Browser(server);
        const string state = "st\u00E4te with + & = # and \"quotes\"";
        var parameters = _spa.AuthorizeParameters();
        parameters["state"] = state;

        var start =
            method == "GET"
                ? await browser.GetAsync(_spa.AuthorizeUrl(("state", state)))
                : await browser.PostAsync(
                    "connect/authorize",
                    [.. parameters.Select(pair => (pair.Key, pair.Value!))]
                );
        var login = await browser.FollowHereAsync(start, server);
        var signedIn = await browser.PressAsync(
            login,
            "Sign in",
            ("Email", "demo@example.com"),
            ("Password", People.Password)
        );
        var page = await browser.FollowHereAsync(signedIn, server);

        Assert.True(login.IsSignIn());
        var told = page.Callback(_spa);
        Assert.Equal(state, told["state"]);
        Assert.Equal(server.Address.ToString(), told["iss"]);
        var tokens = await _spa.RedeemAsync(told["code"]);
        Assert.Equal("the-nonce", Jwt.Payload(tokens["id_token"])["nonce"]!.ToString());
        Assert.Equal(_spa.Scope, Jwt.Payload(tokens["access_token"])["scope"]!.ToString());
    }

    [Fact]
    public async Task A_request_that_another_site_posts_finds_the_session_all_the_same()
    {
        // SameSite=Lax: the browser keeps its cookies back for such a POST, and sends them with the GET after it.
        using var withoutCookies = new Browser(server);
        using var browser = await server.SignedInAsync();
        var form = _spa.AuthorizeParameters().Select(pair => (pair.Key, pair.Value!));

        var posted = await withoutCookies.PostAsync("connect/authorize", [.. form, ("prompt", "none")]);
        var page = await browser.FollowAsync(posted);

        Assert.Contains("code", page.Callback(_spa).Keys);
    }

    [Fact]
    public async Task A_long_request_survives_the_sign_in()
    {
        using var browser = new Browser(server);
        var state = string.Concat(Enumerable.Repeat("0123456789abcdef", 128));
        var hint = (await _spa.SignInAsync(await server.SignedInAsync()))["id_token"];

        var login = await browser.GetAsync(_spa.AuthorizeUrl(("state", state)));
        var signedIn = await browser.SignInAsync(url: login.Location!.ToString());
        var page = await browser.FollowAsync(signedIn);
        var withHint = await new Browser(server).GetAsync(
            _spa.AuthorizeUrl(("id_token_hint", hint), ("state", state[..512]))
        );
        var loginWithHint = await browser.FollowAsync(withHint);

        Assert.Equal(state, page.Callback(_spa)["state"]);
        Assert.Equal(HttpStatusCode.OK, loginWithHint.Status);
    }

    [Fact]
    public async Task Prompt_none_never_shows_a_page()
    {
        using var stranger = new Browser(server);
        using var browser = await server.SignedInAsync();

        var refused = await stranger.GetAsync(_spa.AuthorizeUrl(("prompt", "none")));
        var silent = await browser.GetAsync(_spa.AuthorizeUrl(("prompt", "none")));

        Pages.AssertRefusedAt(_spa, refused, "login_required");
        Assert.Contains("code", silent.Callback(_spa).Keys);
    }

    [Theory]
    [InlineData("none login", "invalid_request")]
    [InlineData("none consent", "invalid_request")]
    [InlineData("none select_account", "invalid_request")]
    [InlineData("login none consent", "invalid_request")]
    [InlineData("create", "invalid_request")]
    [InlineData("login magic", "invalid_request")]
    [InlineData("NONE", "invalid_request")]
    public async Task A_prompt_that_contradicts_itself_or_is_unknown_is_refused(string prompt, string error)
    {
        using var browser = await server.SignedInAsync();

        var page = await browser.GetAsync(_spa.AuthorizeUrl(("prompt", prompt)));
        var pushed = await _spa.PushAsync(("prompt", prompt));

        Pages.AssertRefusedAt(_spa, page, error);
        Assert.Equal(error, pushed["error"]);
    }

    [Fact]
    public async Task Select_account_lets_the_person_go_on_as_who_they_are_or_change()
    {
        using var browser = await server.SignedInAsync();
        var other = await server.NewPersonAsync("Other Person");
        var url = _spa.AuthorizeUrl(("prompt", "select_account"));

        var choice = await browser.FollowAsync(await browser.GetAsync(url));
        var unchosen = await browser.GetAsync(Pages.ReturnUrlOf(await browser.GetAsync(url)));
        var same = await browser.FollowAsync(await browser.PressAsync(choice, "Continue"));
        var first = await _spa.RedeemAsync(same.Callback(_spa)["code"]);
        var next = await browser.GetAsync(url);
        var changed = await browser.SignInAsync(other, url: next.Location!.ToString());
        var asOther = await browser.FollowAsync(changed);

        Assert.Contains("demo@example.com", choice.Html, StringComparison.Ordinal);
        Assert.True(unchosen.IsSignIn());
        Assert.True(next.IsSignIn());
        var second = await _spa.RedeemAsync(asOther.Callback(_spa)["code"]);
        Assert.NotEqual(SubjectOf(first), SubjectOf(second));
    }

    [Theory]
    [InlineData("login consent")]
    [InlineData("consent login")]
    [InlineData("select_account consent")]
    [InlineData("login select_account consent")]
    public async Task Prompts_that_go_together_are_asked_one_after_the_other(string prompt)
    {
        using var browser = await server.SignedInAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(1));

        var login = await browser.GetAsync(_spa.AuthorizeUrl(("prompt", prompt)));
        var signedIn = await browser.SignInAsync(url: login.Location!.ToString());
        var consent = await browser.FollowHereAsync(signedIn, server);
        var page = await browser.FollowAsync(await browser.PressAsync(consent, "Allow"));

        Assert.True(login.IsSignIn());
        Assert.True(consent.IsConsent());
        Assert.Contains("code", page.Callback(_spa).Keys);
    }

    [Fact]
    public async Task Whoever_takes_the_browser_over_meanwhile_is_who_the_code_is_for()
    {
        using var browser = new Browser(server);
        var other = await server.NewPersonAsync("Other Person");

        var login = await browser.GetAsync(_spa.AuthorizeUrl());
        await browser.SignInAsync();
        await browser.SignInAsync(other);
        var page = await browser.GetAsync(Pages.ReturnUrlOf(login));

        var tokens = await _spa.RedeemAsync(page.Callback(_spa)["code"]);
        var userInfo = await _spa.UserInfoAsync(tokens["access_token"]);
        Assert.Equal("Other Person", userInfo["name"]);
    }

    [Fact]
    public async Task Whoever_signs_out_meanwhile_is_asked_again()
    {
        using var browser = new Browser(server);

        var login = await browser.GetAsync(_spa.AuthorizeUrl());
        var signedIn = await browser.SignInAsync(url: login.Location!.ToString());
        await browser.SignOutAsync();
        var resumed = await browser.FollowAsync(signedIn);

        Assert.True(resumed.IsSignIn());
    }

    private static string SubjectOf(Answer tokens) => Jwt.Payload(tokens["id_token"])["sub"]!.ToString();
}
