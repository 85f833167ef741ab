using System.Net;
using AuthServer.Tests.RelyingParties;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Connect;

/// <summary>What an authorization request may want of the person, and what of it cannot be had by a trick.</summary>
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

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "0")]
    [InlineData("max_age", "60")]
    public async Task A_fresh_sign_in_is_a_sign_in_with_the_password(string name, string value)
    {
        using var browser = await server.SignedInAsync();
        var before = await AuthTimeAsync(browser);
        server.Clock.Advance(TimeSpan.FromSeconds(90));

        var login = await browser.GetAsync(_spa.AuthorizeUrl((name, value)));
        var shown = await browser.FollowAsync(login);
        var signedIn = await browser.PressAsync(shown, "Sign in", ("Password", People.Password));
        var page = await browser.FollowAsync(signedIn);

        Assert.DoesNotContain("Continue", shown.Html, StringComparison.Ordinal);
        var tokens = await _spa.RedeemAsync(page.Callback(_spa)["code"]);
        Assert.InRange(AuthTimeOf(tokens), before + 90, long.MaxValue);
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "60")]
    public async Task It_cannot_be_had_by_coming_back_without_one(string name, string value)
    {
        using var browser = await server.SignedInAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(90));

        var login = await browser.GetAsync(_spa.AuthorizeUrl((name, value)));
        var resumed = await browser.GetAsync(ReturnUrlOf(login));
        var again = await browser.GetAsync(ReturnUrlOf(resumed));

        Assert.True(resumed.IsSignIn());
        Assert.True(again.IsSignIn());
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "60")]
    public async Task It_cannot_be_had_with_the_state_of_another_browser(string name, string value)
    {
        using var victim = await server.SignedInAsync();
        using var nobody = new Browser(server);
        using var somebody = await server.SignedInAsync(await server.NewPersonAsync("Some Body"));
        server.Clock.Advance(TimeSpan.FromSeconds(90));

        // Neither session is the victim's: to be asked in another one is no proof that somebody signed in since.
        var ofNobody = ReturnUrlOf(await nobody.GetAsync(_spa.AuthorizeUrl((name, value))));
        var ofSomebody = ReturnUrlOf(await somebody.GetAsync(_spa.AuthorizeUrl((name, value))));

        Assert.True((await victim.GetAsync(ofNobody)).IsSignIn());
        Assert.True((await victim.GetAsync(ofSomebody)).IsSignIn());
    }

    [Fact]
    public async Task It_cannot_be_had_by_taking_the_demand_out_of_the_address_of_the_page()
    {
        using var browser = await server.SignedInAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(1));

        var login = await browser.GetAsync(_spa.AuthorizeUrl(("prompt", "login")));
        var shown = await browser.GetAsync(
            QueryHelpers.AddQueryString("account/login", "returnUrl", ReturnUrlOf(login))
        );
        var continued = await browser.PressAsync(shown, "Continue");
        var resumed = await browser.FollowAsync(continued);

        Assert.True(resumed.IsSignIn());
    }

    [Fact]
    public async Task A_sign_in_answers_one_demand_and_the_next_asks_again()
    {
        using var browser = await server.SignedInAsync();
        var url = _spa.AuthorizeUrl(("prompt", "login"));

        var signedIn = await browser.SignInAsync(url: (await browser.GetAsync(url)).Location!.ToString());
        var page = await browser.FollowAsync(signedIn);
        var next = await browser.GetAsync(url);

        Assert.Contains("code", page.Callback(_spa).Keys);
        Assert.True(next.IsSignIn());
    }

    [Fact]
    public async Task Whoever_is_slower_than_max_age_is_not_asked_for_ever()
    {
        using var browser = new Browser(server);
        var partner = RelyingParty.Partner(server);
        var email = await server.NewPersonAsync("Slow Person");

        var login = await browser.GetAsync(partner.AuthorizeUrl(("max_age", "5")));
        server.Clock.Advance(TimeSpan.FromMinutes(3));
        var signedIn = await browser.SignInAsync(email, url: login.Location!.ToString());
        server.Clock.Advance(TimeSpan.FromMinutes(3));
        var consent = await browser.FollowHereAsync(signedIn, server);
        server.Clock.Advance(TimeSpan.FromMinutes(3));
        var allowed = await browser.PressAsync(consent, "Allow");
        var page = await browser.FollowAsync(allowed);

        Assert.Contains("code", page.Callback(partner).Keys);
    }

    [Theory]
    [InlineData("3600")]
    [InlineData("2147483647")]
    public async Task A_sign_in_younger_than_max_age_will_do_and_its_time_is_told(string maxAge)
    {
        using var browser = await server.SignedInAsync();
        var signedInAt = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        server.Clock.Advance(TimeSpan.FromMinutes(10));

        var tokens = await _spa.SignInAsync(browser, ("max_age", maxAge), ("prompt", "none"));

        Assert.InRange(AuthTimeOf(tokens), signedInAt - 30, signedInAt);
    }

    [Fact]
    public async Task An_older_one_is_told_when_nothing_may_be_shown()
    {
        using var browser = await server.SignedInAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(61));

        var page = await browser.GetAsync(_spa.AuthorizeUrl(("max_age", "60"), ("prompt", "none")));

        Pages.AssertRefusedAt(_spa, page, "login_required");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData(" 60")]
    [InlineData("0x10")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    [InlineData("\u0661")] // an Arabic one
    public async Task A_max_age_that_is_no_number_of_seconds_is_refused(string maxAge)
    {
        using var browser = await server.SignedInAsync();

        Pages.AssertRefusedAt(
            _spa,
            await browser.GetAsync(_spa.AuthorizeUrl(("max_age", maxAge))),
            "invalid_request"
        );
        Assert.Equal("invalid_request", (await _spa.PushAsync(("max_age", maxAge)))["error"]);
    }

    [Fact]
    public async Task Select_account_lets_the_person_go_on_as_who_they_are_or_change()
    {
        using var browser = await server.SignedInAsync();
        var other = await server.NewPersonAsync("Other Person");
        var url = _spa.AuthorizeUrl(("prompt", "select_account"));

        var choice = await browser.FollowAsync(await browser.GetAsync(url));
        var unchosen = await browser.GetAsync(ReturnUrlOf(await browser.GetAsync(url)));
        var same = await browser.FollowAsync(await browser.PressAsync(choice, "Continue"));
        var next = await browser.GetAsync(url);
        var changed = await browser.SignInAsync(other, url: next.Location!.ToString());
        var asOther = await browser.FollowAsync(changed);

        Assert.Contains("demo@example.com", choice.Html, StringComparison.Ordinal);
        Assert.True(unchosen.IsSignIn());
        Assert.True(next.IsSignIn());
        var first = await _spa.RedeemAsync(same.Callback(_spa)["code"]);
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

    [Theory]
    [InlineData("ada@example.org", "value=\"ada@example.org\"")]
    [InlineData("\"><script>alert(1)</script>", "value=\"&quot;&gt;&lt;script&gt;")]
    public async Task A_login_hint_is_filled_in_as_text(string hint, string expected)
    {
        using var browser = new Browser(server);

        var login = await browser.FollowAsync(
            await browser.GetAsync(_spa.AuthorizeUrl(("login_hint", hint)))
        );

        Assert.Contains(expected, login.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", login.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_login_hint_does_not_sign_anybody_else_in_or_out()
    {
        using var browser = await server.SignedInAsync();

        var page = await browser.GetAsync(_spa.AuthorizeUrl(("login_hint", "other@example.org")));

        Assert.Contains("code", page.Callback(_spa).Keys);
    }

    [Fact]
    public async Task The_hint_of_the_same_person_changes_nothing_even_when_it_has_expired()
    {
        using var browser = await server.SignedInAsync();
        var hint = (await _spa.SignInAsync(browser))["id_token"];

        var fresh = await browser.GetAsync(_spa.AuthorizeUrl(("id_token_hint", hint), ("prompt", "none")));
        server.Clock.Advance(TimeSpan.FromHours(2));
        var expired = await browser.GetAsync(_spa.AuthorizeUrl(("id_token_hint", hint), ("prompt", "none")));

        Assert.Contains("code", fresh.Callback(_spa).Keys);
        Assert.Contains("code", expired.Callback(_spa).Keys);
    }

    [Fact]
    public async Task The_hint_of_another_person_asks_for_that_person_and_takes_no_other()
    {
        var email = await server.NewPersonAsync("Hinted Person");
        var hint = (await _spa.SignInAsync(await server.SignedInAsync(email)))["id_token"];
        using var browser = await server.SignedInAsync();
        using var stranger = new Browser(server);
        var url = _spa.AuthorizeUrl(("id_token_hint", hint));

        var silent = await browser.GetAsync(_spa.AuthorizeUrl(("id_token_hint", hint), ("prompt", "none")));
        var wrong = await SignInAndFollowAsync(stranger, url, "demo@example.com");
        var right = await SignInAndFollowAsync(browser, url, email);

        Pages.AssertRefusedAt(_spa, silent, "login_required");
        Pages.AssertRefusedAt(_spa, wrong, "login_required");
        var tokens = await _spa.RedeemAsync(right.Callback(_spa)["code"]);
        Assert.Equal(Jwt.Payload(hint)["sub"]!.ToString(), SubjectOf(tokens));
    }

    [Fact]
    public async Task A_hint_that_was_given_to_another_client_is_refused()
    {
        using var browser = await server.SignedInAsync();
        var hint = (await RelyingParty.Mobile(server).SignInAsync(browser))["id_token"];

        var page = await browser.GetAsync(_spa.AuthorizeUrl(("id_token_hint", hint)));

        Pages.AssertRefusedAt(_spa, page, "invalid_request");
    }

    [Fact]
    [Trait("Requirement", "C-35")]
    [Trait("Requirement", "C-36")]
    public async Task A_hint_that_is_no_ID_token_of_ours_is_refused()
    {
        using var browser = await server.SignedInAsync();
        var tokens = await _spa.SignInAsync(browser);
        var jwks = await server.Http.GetStringAsync(new Uri(".well-known/jwks", UriKind.Relative));
        string[] forgeries =
        [
            "garbage",
            "a.b.c",
            ForgedToken.Unsigned(tokens["id_token"]),
            ForgedToken.SignedByStranger(tokens["id_token"]),
            .. ForgedToken.MacWithPublicKey(tokens["id_token"], jwks),
            tokens["access_token"],
            tokens["refresh_token"],
        ];

        foreach (var forgery in forgeries)
        {
            var page = await browser.GetAsync(_spa.AuthorizeUrl(("id_token_hint", forgery)));
            var pushed = await _spa.PushAsync(("id_token_hint", forgery));
            Pages.AssertRefusedAt(_spa, page, "invalid_request");
            Assert.Equal(HttpStatusCode.BadRequest, pushed.Status);
        }
    }

    [Fact]
    public async Task Whoever_takes_the_browser_over_meanwhile_is_who_the_code_is_for()
    {
        using var browser = new Browser(server);
        var other = await server.NewPersonAsync("Other Person");

        var login = await browser.GetAsync(_spa.AuthorizeUrl());
        await browser.SignInAsync();
        await browser.SignInAsync(other);
        var page = await browser.GetAsync(ReturnUrlOf(login));

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

    [Fact]
    public async Task A_state_that_is_not_ours_is_as_good_as_none()
    {
        using var browser = await server.SignedInAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var url = _spa.AuthorizeUrl(("prompt", "login"));

        foreach (var forgery in (string[])["", "x", "!", browser.Cookies["session"], new string('A', 4_000)])
        {
            var page = await browser.GetAsync(QueryHelpers.AddQueryString(url, "interaction", forgery));
            Assert.True(page.IsSignIn());
        }
    }

    private static async Task<Page> SignInAndFollowAsync(Browser browser, string url, string email)
    {
        var login = await browser.GetAsync(url);
        Assert.True(login.IsSignIn());
        return await browser.FollowAsync(await browser.SignInAsync(email, url: login.Location!.ToString()));
    }

    private async Task<long> AuthTimeAsync(Browser browser) => AuthTimeOf(await _spa.SignInAsync(browser));

    private static long AuthTimeOf(Answer tokens) =>
        Jwt.Payload(tokens["id_token"])["auth_time"]!.GetValue<long>();

    private static string SubjectOf(Answer tokens) => Jwt.Payload(tokens["id_token"])["sub"]!.ToString();

    private static string ReturnUrlOf(Page login) =>
        QueryHelpers.ParseQuery(login.Location!.Query)["returnUrl"].ToString();
}
