using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Connect;

/// <summary>Consent that was not given by this person to this request.</summary>
[Trait("Requirement", "C-11")]
public class ConsentForgeryTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _partner = RelyingParty.Partner(server);

    [Fact]
    public async Task Consent_cannot_be_given_from_another_site()
    {
        using var browser = await server.NewBrowserAsync();
        var page = await browser.AskAsync(_partner);

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
        using var browser = await server.NewBrowserAsync();
        var page = await browser.AskAsync(_partner);
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
        using var browser = await server.NewBrowserAsync();
        var page = await browser.AskAsync(_partner);

        server.Clock.Advance(TimeSpan.FromMinutes(61));
        var answered = await browser.PressAsync(page, "Allow");

        Pages.AssertRefusedHere(answered);
        Assert.True((await browser.GetAsync(_partner.AuthorizeUrl())).IsConsent());
    }

    [Fact]
    public async Task An_answer_is_good_for_its_own_request_only()
    {
        using var browser = await server.NewBrowserAsync();
        var page = await browser.AskAsync(_partner, ("scope", "openid"), ("prompt", "consent"));
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
        using var first = await server.NewBrowserAsync();
        using var second = await server.NewBrowserAsync();
        var allowed = await first.PressAsync(await first.AskAsync(_partner), "Allow");

        var elsewhere = await second.GetAsync(allowed.Location!.ToString());

        Assert.True(elsewhere.IsConsent());
    }

    [Fact]
    public async Task Whoever_signs_in_while_the_page_is_shown_is_asked_anew()
    {
        using var browser = await server.NewBrowserAsync();
        var other = await server.NewPersonAsync("Somebody Else");
        var page = await browser.AskAsync(_partner);
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
        using var browser = await server.NewBrowserAsync();
        var page = await browser.AskAsync(_partner);
        await browser.SignOutAsync();

        var shown = await browser.GetAsync(page.Url.PathAndQuery);
        var answered = await browser.PressAsync(page, "Allow");

        Assert.True(shown.IsSignIn());
        Assert.DoesNotContain("code=", answered.Location?.Query ?? "", StringComparison.Ordinal);
    }

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
