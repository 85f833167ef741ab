using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

[Trait("Requirement", "C-11")]
public class ConsentTests(MoreClients server) : IClassFixture<MoreClients>
{
    private readonly RelyingParty _partner = RelyingParty.Partner(server);

    [Fact]
    public async Task The_page_says_who_asks_for_what_and_where_it_leads()
    {
        using var browser = await server.NewBrowserAsync();

        var page = await browser.AskAsync(
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
        using var browser = await server.NewBrowserAsync();

        var page = await browser.AskAsync(_partner);
        var allowed = await browser.AllowAsync(page);
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
        using var browser = await server.NewBrowserAsync();
        await browser.AllowAsync(await browser.AskAsync(_partner, ("scope", "openid profile")));

        var silent = await browser.GetAsync(
            _partner.AuthorizeUrl(("scope", "openid email"), ("prompt", "none"))
        );
        await browser.AllowAsync(await browser.AskAsync(_partner, ("scope", "openid email")));
        var both = await browser.GetAsync(_partner.AuthorizeUrl(("scope", "openid profile email")));

        Pages.AssertRefusedAt(_partner, silent, "consent_required");
        Assert.Contains("code", both.Callback(_partner).Keys);
    }

    [Fact]
    public async Task Prompt_consent_asks_though_it_was_allowed_or_needs_no_allowing()
    {
        using var browser = await server.NewBrowserAsync();
        var spa = RelyingParty.Spa(server);
        await browser.AllowAsync(await browser.AskAsync(_partner));

        var partner = await browser.AllowAsync(await browser.AskAsync(_partner, ("prompt", "consent")));
        var own = await browser.AllowAsync(await browser.AskAsync(spa, ("prompt", "consent")));
        var afterwards = await browser.GetAsync(spa.AuthorizeUrl(("prompt", "consent")));

        Assert.Contains("code", partner.Callback(_partner).Keys);
        Assert.Contains("code", own.Callback(spa).Keys);
        Assert.True(afterwards.IsConsent());
    }

    [Fact]
    public async Task Prompt_none_neither_asks_nor_allows()
    {
        using var browser = await server.NewBrowserAsync();

        var silent = await browser.GetAsync(_partner.AuthorizeUrl(("prompt", "none")));
        var afterwards = await browser.GetAsync(_partner.AuthorizeUrl());

        Pages.AssertRefusedAt(_partner, silent, "consent_required");
        Assert.True(afterwards.IsConsent());
    }

    [Fact]
    public async Task A_no_is_told_to_the_client_and_not_remembered()
    {
        using var browser = await server.NewBrowserAsync();
        var page = await browser.AskAsync(_partner);

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
        using var browser = await server.NewBrowserAsync();
        var page = await browser.AskAsync(_partner);

        var said = await browser.PressAsync(page, "Allow", ("answer", answer));

        Pages.AssertRefusedAt(_partner, await browser.FollowAsync(said), "access_denied");
    }

    [Fact]
    public async Task Everybody_is_asked_by_every_client()
    {
        using var first = await server.NewBrowserAsync();
        using var second = await server.NewBrowserAsync();

        await first.AllowAsync(await first.AskAsync(_partner, ("scope", "openid")));

        Assert.True((await second.GetAsync(_partner.AuthorizeUrl(("scope", "openid")))).IsConsent());
        Assert.True((await first.GetAsync(server.Markup.AuthorizeUrl())).IsConsent());
    }

    [Fact]
    public async Task The_name_of_a_client_is_text_and_not_markup()
    {
        using var browser = await server.NewBrowserAsync();

        var page = await browser.AskAsync(server.Markup);

        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_native_app_and_a_request_without_redirect_uri_are_asked_for_as_well()
    {
        using var browser = await server.NewBrowserAsync();
        var partner = _partner with { Scope = "orders.read" };

        var app = await browser.AskAsync(server.App);
        var plain = await browser.AskAsync(partner, ("redirect_uri", null));

        Assert.Contains("<strong>com.example.app</strong>", app.Html, StringComparison.Ordinal);
        Assert.Contains("<strong>http://localhost:5080</strong>", plain.Html, StringComparison.Ordinal);
        Assert.Contains("code", (await browser.AllowAsync(app)).Callback(server.App).Keys);
        Assert.Contains("code", (await browser.AllowAsync(plain)).Callback(partner).Keys);
    }
}
