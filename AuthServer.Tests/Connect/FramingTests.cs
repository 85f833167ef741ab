using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>Pages under somebody else's page, and forms that would be sent on.</summary>
[Trait("Requirement", "C-12")]
public class FramingTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _partner = RelyingParty.Partner(server);

    [Fact]
    public async Task No_page_of_a_sign_in_can_be_framed()
    {
        using var browser = await server.NewBrowserAsync();
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
            await browser.AskAsync(_partner),
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
}
