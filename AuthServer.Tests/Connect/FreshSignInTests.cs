using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Connect;

/// <summary>When being signed in is not enough, and what of it cannot be had by a trick.</summary>
public class FreshSignInTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

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
        var resumed = await browser.GetAsync(Pages.ReturnUrlOf(login));
        var again = await browser.GetAsync(Pages.ReturnUrlOf(resumed));

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
        var ofNobody = Pages.ReturnUrlOf(await nobody.GetAsync(_spa.AuthorizeUrl((name, value))));
        var ofSomebody = Pages.ReturnUrlOf(await somebody.GetAsync(_spa.AuthorizeUrl((name, value))));

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
            QueryHelpers.AddQueryString("account/login", "returnUrl", Pages.ReturnUrlOf(login))
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

        Assert.InRange(AuthTimeOf(tokens), signedInAt - 120, signedInAt);
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

    private async Task<long> AuthTimeAsync(Browser browser) => AuthTimeOf(await _spa.SignInAsync(browser));

    private static long AuthTimeOf(Answer tokens) =>
        Jwt.Payload(tokens["id_token"])["auth_time"]!.GetValue<long>();
}
