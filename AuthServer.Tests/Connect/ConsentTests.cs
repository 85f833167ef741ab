using System.Net;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Connect;

[Trait("Requirement", "C-11")]
public class ConsentTests(MoreClients server) : IClassFixture<MoreClients>
{
    private readonly RelyingParty _partner = RelyingParty.Partner(server);

    [Fact]
    public async Task The_page_says_who_asks_for_what_and_where_it_leads()
    {
        using var browser = await NewBrowserAsync();

        var page = await AskAsync(
            browser,
            _partner,
            ("scope", "openid profile email offline_access orders.read")
        );

        Assert.Contains("Allow Partner portal?", page.Html, StringComparison.Ordinal);
        Assert.Contains("http://localhost:5080", page.Html, StringComparison.Ordinal);
        foreach (
            var words in (string[])
                [
                    "know that it is you",
                    "see your name",
                    "see your e-mail address",
                    "keep this access while you are away",
                    "use orders-api for you",
                ]
        )
        {
            Assert.Contains(words, page.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_was_allowed_is_remembered()
    {
        using var browser = await NewBrowserAsync();

        var page = await AskAsync(browser, _partner);
        var allowed = await AllowAsync(browser, page);
        var again = await browser.GetAsync(_partner.AuthorizeUrl());
        var silent = await browser.GetAsync(_partner.AuthorizeUrl(("prompt", "none")));
        var less = await browser.GetAsync(_partner.AuthorizeUrl(("scope", "openid")));

        var told = allowed.Callback(_partner);
        Assert.Equal("the-state", told["state"]);
        Assert.Equal(server.Address.ToString(), told["iss"]);
        Assert.Equal(HttpStatusCode.OK, (await _partner.RedeemAsync(told["code"])).Status);
        Assert.All([again, silent, less], next => Assert.Contains("code", next.Callback(_partner).Keys));
    }

    [Fact]
    public async Task Something_new_is_asked_for_again()
    {
        using var browser = await NewBrowserAsync();
        await AllowAsync(browser, await AskAsync(browser, _partner, ("scope", "openid profile")));

        var silent = await browser.GetAsync(
            _partner.AuthorizeUrl(("scope", "openid email"), ("prompt", "none"))
        );
        await AllowAsync(browser, await AskAsync(browser, _partner, ("scope", "openid email")));
        var both = await browser.GetAsync(_partner.AuthorizeUrl(("scope", "openid profile email")));

        Pages.AssertRefusedAt(_partner, silent, "consent_required");
        Assert.Contains("code", both.Callback(_partner).Keys);
    }

    [Fact]
    public async Task Prompt_consent_asks_though_it_was_allowed_or_needs_no_allowing()
    {
        using var browser = await NewBrowserAsync();
        var spa = RelyingParty.Spa(server);
        await AllowAsync(browser, await AskAsync(browser, _partner));

        var partner = await AllowAsync(browser, await AskAsync(browser, _partner, ("prompt", "consent")));
        var own = await AllowAsync(browser, await AskAsync(browser, spa, ("prompt", "consent")));
        var afterwards = await browser.GetAsync(spa.AuthorizeUrl(("prompt", "consent")));

        Assert.Contains("code", partner.Callback(_partner).Keys);
        Assert.Contains("code", own.Callback(spa).Keys);
        Assert.True(afterwards.IsConsent());
    }

    [Fact]
    public async Task Prompt_none_neither_asks_nor_allows()
    {
        using var browser = await NewBrowserAsync();

        var silent = await browser.GetAsync(_partner.AuthorizeUrl(("prompt", "none")));
        var afterwards = await browser.GetAsync(_partner.AuthorizeUrl());

        Pages.AssertRefusedAt(_partner, silent, "consent_required");
        Assert.True(afterwards.IsConsent());
    }

    [Fact]
    public async Task A_no_is_told_to_the_client_and_not_remembered()
    {
        using var browser = await NewBrowserAsync();
        var page = await AskAsync(browser, _partner);

        var denied = await browser.FollowAsync(await browser.PressAsync(page, "Do not allow"));
        var afterwards = await browser.GetAsync(_partner.AuthorizeUrl());

        Pages.AssertRefusedAt(_partner, denied, "access_denied");
        Assert.True(afterwards.IsConsent());
    }

    [Theory]
    [InlineData("")]
    [InlineData("maybe")]
    [InlineData("ALLOW")]
    [InlineData("deny")]
    public async Task Whatever_is_not_a_yes_is_a_no(string answer)
    {
        using var browser = await NewBrowserAsync();
        var page = await AskAsync(browser, _partner);

        var said = await browser.PressAsync(page, "Allow", ("answer", answer));

        Pages.AssertRefusedAt(_partner, await browser.FollowAsync(said), "access_denied");
    }

    [Fact]
    public async Task Everybody_is_asked_by_every_client()
    {
        using var first = await NewBrowserAsync();
        using var second = await NewBrowserAsync();

        await AllowAsync(first, await AskAsync(first, _partner, ("scope", "openid")));

        Assert.True((await second.GetAsync(_partner.AuthorizeUrl(("scope", "openid")))).IsConsent());
        Assert.True((await first.GetAsync(server.Markup.AuthorizeUrl())).IsConsent());
    }

    [Fact]
    public async Task Consent_cannot_be_given_from_another_site()
    {
        using var browser = await NewBrowserAsync();
        var page = await AskAsync(browser, _partner);

        var forged = await browser.PostAsync(
            "connect/consent",
            ("interaction", StateOf(page)),
            ("answer", "allow")
        );
        var withoutCookie = await PostWithoutCookieOfFormsAsync(browser, page);

        Pages.AssertRefusedHere(forged);
        Pages.AssertRefusedHere(withoutCookie);
        Assert.True((await browser.GetAsync(_partner.AuthorizeUrl())).IsConsent());
    }

    [Fact]
    public async Task Consent_cannot_be_given_to_a_state_that_is_not_ours()
    {
        using var browser = await NewBrowserAsync();
        var page = await AskAsync(browser, _partner);
        var state = StateOf(page);
        string[] forgeries =
        [
            "",
            "x",
            "!",
            Altered(state),
            state[..^10],
            state + state,
            browser.Cookies["session"],
            new string('A', 8_000),
        ];

        foreach (var forgery in forgeries)
        {
            var shown = await browser.GetAsync(
                QueryHelpers.AddQueryString("connect/consent", "interaction", forgery)
            );
            var answered = await browser.PressAsync(page, "Allow", ("interaction", forgery));
            Pages.AssertRefusedHere(shown);
            Pages.AssertRefusedHere(answered);
        }

        Assert.True((await browser.GetAsync(_partner.AuthorizeUrl())).IsConsent());
    }

    [Fact]
    public async Task A_question_lapses_after_an_hour()
    {
        using var browser = await NewBrowserAsync();
        var page = await AskAsync(browser, _partner);

        server.Clock.Advance(TimeSpan.FromMinutes(61));
        var answered = await browser.PressAsync(page, "Allow");

        Pages.AssertRefusedHere(answered);
        Assert.True((await browser.GetAsync(_partner.AuthorizeUrl())).IsConsent());
    }

    [Fact]
    public async Task An_answer_is_good_for_its_own_request_only()
    {
        using var browser = await NewBrowserAsync();
        var page = await AskAsync(browser, _partner, ("scope", "openid"), ("prompt", "consent"));
        var allowed = await browser.PressAsync(page, "Allow");
        var answer = StateIn(allowed.Location!);

        foreach (
            var (name, value) in new[]
            {
                ("scope", "openid profile email orders.read"),
                ("state", "another"),
                ("redirect_uri", "http://localhost:5080/other"),
                ("nonce", "another"),
            }
        )
        {
            var url = _partner.AuthorizeUrl(("scope", "openid"), ("prompt", "consent"), (name, value));
            var replayed = await browser.GetAsync(QueryHelpers.AddQueryString(url, "interaction", answer));
            Assert.DoesNotContain("code=", replayed.Location?.Query ?? "", StringComparison.Ordinal);
        }

        var spa = RelyingParty.Spa(server).AuthorizeUrl(("prompt", "consent"));
        var byOther = await browser.GetAsync(QueryHelpers.AddQueryString(spa, "interaction", answer));
        Assert.True(byOther.IsConsent());
    }

    [Fact]
    public async Task The_answer_of_one_person_is_not_that_of_another()
    {
        using var first = await NewBrowserAsync();
        using var second = await NewBrowserAsync();
        var allowed = await first.PressAsync(await AskAsync(first, _partner), "Allow");

        var elsewhere = await second.GetAsync(allowed.Location!.ToString());

        Assert.True(elsewhere.IsConsent());
    }

    [Fact]
    public async Task Whoever_signs_in_while_the_page_is_shown_is_asked_anew()
    {
        using var browser = await NewBrowserAsync();
        var other = await server.NewPersonAsync("Somebody Else");
        var page = await AskAsync(browser, _partner);
        var allowed = await browser.PressAsync(page, "Allow");

        await browser.SignInAsync(other);
        var byForm = await browser.PressAsync(page, "Allow");
        var byUrl = await browser.FollowAsync(allowed);

        Pages.AssertRefusedHere(byForm);
        Assert.True(byUrl.IsConsent());
        Pages.AssertRefusedAt(
            _partner,
            await browser.GetAsync(_partner.AuthorizeUrl(("prompt", "none"))),
            "consent_required"
        );
    }

    [Fact]
    public async Task Whoever_has_signed_out_is_not_asked()
    {
        using var browser = await NewBrowserAsync();
        var page = await AskAsync(browser, _partner);
        await browser.SignOutAsync();

        var shown = await browser.GetAsync(page.Url.PathAndQuery);
        var answered = await browser.PressAsync(page, "Allow");

        Assert.True(shown.IsSignIn());
        Assert.DoesNotContain("code=", answered.Location?.Query ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_a_client_is_text_and_not_markup()
    {
        using var browser = await NewBrowserAsync();

        var page = await AskAsync(browser, server.Markup);

        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_native_app_and_a_request_without_redirect_uri_are_asked_for_as_well()
    {
        using var browser = await NewBrowserAsync();
        var partner = _partner with { Scope = "orders.read" };

        var app = await AskAsync(browser, server.App);
        var plain = await AskAsync(browser, partner, ("redirect_uri", null));

        Assert.Contains("<strong>com.example.app:</strong>", app.Html, StringComparison.Ordinal);
        Assert.Contains("<strong>http://localhost:5080</strong>", plain.Html, StringComparison.Ordinal);
        Assert.Contains("code", (await AllowAsync(browser, app)).Callback(server.App).Keys);
        Assert.Contains("code", (await AllowAsync(browser, plain)).Callback(partner).Keys);
    }

    [Fact]
    [Trait("Requirement", "C-12")]
    public async Task No_page_of_a_sign_in_can_be_framed()
    {
        using var browser = await NewBrowserAsync();
        using var stranger = new Browser(server);
        Page[] pages =
        [
            await stranger.GetAsync("account/login"),
            await stranger.SignInAsync(password: "wrong"),
            await stranger.GetAsync("account/register"),
            await stranger.GetAsync(_partner.AuthorizeUrl()),
            await stranger.GetAsync("connect/authorize"),
            await stranger.GetAsync("connect/signed-out"),
            await browser.GetAsync("account/login"),
            await browser.GetAsync("account/logout"),
            await AskAsync(browser, _partner),
            await browser.GetAsync("connect/consent?interaction=x"),
            await browser.GetAsync(RelyingParty.Spa(server).AuthorizeUrl(("response_mode", "form_post"))),
        ];

        Assert.All(
            pages,
            page =>
            {
                Assert.Equal("DENY", Assert.Single(page.Headers.GetValues("X-Frame-Options")));
                Assert.Contains(
                    "frame-ancestors 'none'",
                    Assert.Single(page.Headers.GetValues("Content-Security-Policy")),
                    StringComparison.Ordinal
                );
            }
        );
    }

    [Fact]
    [Trait("Requirement", "C-12")]
    public async Task No_redirect_after_a_form_repeats_what_was_typed()
    {
        using var browser = new Browser(server);
        var login = await browser.GetAsync(_partner.AuthorizeUrl(("prompt", "consent")));
        var email = await server.NewPersonAsync("Ada Lovelace");

        var signedIn = await browser.SignInAsync(email, url: login.Location!.ToString());
        var consent = await browser.FollowHereAsync(signedIn, server);
        var allowed = await browser.PressAsync(consent, "Allow");
        var back = await browser.FollowAsync(allowed);
        var posted = await browser.PostAsync(
            "connect/authorize",
            [.. _partner.AuthorizeParameters().Select(pair => (pair.Key, pair.Value!))]
        );

        Assert.All(
            [login, signedIn, allowed, back, posted],
            page =>
                Assert.Contains(
                    page.Status,
                    (HttpStatusCode[])[HttpStatusCode.Found, HttpStatusCode.SeeOther]
                )
        );
        Assert.Contains("code", back.Callback(_partner).Keys);
    }

    private async Task<Browser> NewBrowserAsync() =>
        await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));

    private static async Task<Page> AskAsync(
        Browser browser,
        RelyingParty client,
        params (string Name, string? Value)[] changes
    )
    {
        var page = await browser.FollowAsync(await browser.GetAsync(client.AuthorizeUrl(changes)));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.True(page.IsConsent());
        return page;
    }

    private static async Task<Page> AllowAsync(Browser browser, Page page) =>
        await browser.FollowAsync(await browser.PressAsync(page, "Allow"));

    private static async Task<Page> PostWithoutCookieOfFormsAsync(Browser browser, Page page)
    {
        var cookie = browser.Cookies["csrf"];
        browser.Cookies.Remove("csrf");
        var answer = await browser.PressAsync(page, "Allow");
        browser.Cookies["csrf"] = cookie;
        return answer;
    }

    private static string StateOf(Page page) => StateIn(page.Url);

    private static string StateIn(Uri url) => QueryHelpers.ParseQuery(url.Query)["interaction"].ToString();

    private static string Altered(string state)
    {
        var middle = state.Length / 2;
        return state[..middle] + (state[middle] == 'A' ? 'B' : 'A') + state[(middle + 1)..];
    }
}
