using System.Text.RegularExpressions;
using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Accounts.Profile;

[Trait("Requirement", "C-69")]
public class SessionsTests(Server server) : IClassFixture<Server>
{
    private const string Phone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";

    [Fact]
    public async Task A_person_sees_where_they_are_signed_in()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var phone = new Browser(server) { UserAgent = Phone };
        await phone.SignInAsync(email);
        using var here = await server.SignedInAsync(email);
        using var other = await server.SignedInAsync(await server.NewPersonAsync("Somebody Else"));

        var page = await here.GetAsync("account/sessions");

        Assert.Contains("Safari, iPhone", page.Html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page.Html, "Signed in on ", RegexOptions.NonBacktracking));
        Assert.Equal(1, Regex.Count(page.Html, "this browser", RegexOptions.NonBacktracking));
    }

    [Fact]
    public async Task Signing_out_one_device_ends_its_cookie_and_its_families_and_nothing_else()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var there = await server.SignedInAsync(email);
        using var here = await server.SignedInAsync(email);
        var spa = RelyingParty.Spa(server);
        var tokensThere = await spa.SignInAsync(there);
        var tokensHere = await spa.SignInAsync(here);
        var sid = Jwt.Payload(tokensThere["id_token"])["sid"]!.ToString();

        await EndAsync(here, sid);

        Assert.False(await there.IsSignedInAsync());
        Assert.True(await here.IsSignedInAsync());
        Assert.False(await server.IsActiveAsync(tokensThere["access_token"]));
        Assert.Equal("invalid_grant", (await spa.RefreshAsync(tokensThere["refresh_token"]))["error"]);
        Assert.False(
            (await spa.RefreshAsync(tokensHere["refresh_token"])).Json.TryGetProperty("error", out _)
        );
    }

    [Fact]
    public async Task Signing_out_everywhere_leaves_nobody()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var there = await server.SignedInAsync(email);
        using var here = await server.SignedInAsync(email);
        var spa = RelyingParty.Spa(server);
        var tokens = await spa.SignInAsync(there);

        await here.PressAsync(await here.GetAsync("account/sessions"), "Sign out everywhere");

        Assert.False(await there.IsSignedInAsync());
        Assert.False(await here.IsSignedInAsync());
        Assert.Equal("invalid_grant", (await spa.RefreshAsync(tokens["refresh_token"]))["error"]);
    }

    [Fact]
    [Trait("Requirement", "C-84")]
    public async Task Nobody_ends_the_session_of_somebody_else()
    {
        using var victim = await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));
        var sid = Jwt.Payload((await RelyingParty.Spa(server).SignInAsync(victim))["id_token"])[
            "sid"
        ]!.ToString();
        using var attacker = await server.SignedInAsync(await server.NewPersonAsync("Mallory Lovelace"));

        await EndAsync(attacker, sid);

        Assert.True(await victim.IsSignedInAsync());
    }

    [Fact]
    public async Task Signing_out_this_browser_here_drops_its_cookie_too()
    {
        using var browser = await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));

        await browser.PressAsync(await browser.GetAsync("account/sessions"), "Sign out");

        Assert.DoesNotContain("session", browser.Cookies.Keys);
    }

    private static async Task EndAsync(Browser browser, string sessionId)
    {
        var page = await browser.GetAsync("account/sessions");
        await browser.PressAsync(page, "Sign out", ("session", sessionId));
    }
}
