using System.Net;
using AuthServer.Tests.RelyingParties;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>What a client may say of whom it expects.</summary>
public class HintTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

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

    private static async Task<Page> SignInAndFollowAsync(Browser browser, string url, string email)
    {
        var login = await browser.GetAsync(url);
        Assert.True(login.IsSignIn());
        return await browser.FollowAsync(await browser.SignInAsync(email, url: login.Location!.ToString()));
    }

    private static string SubjectOf(Answer tokens) => Jwt.Payload(tokens["id_token"])["sub"]!.ToString();
}
