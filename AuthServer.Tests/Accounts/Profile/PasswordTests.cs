using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Accounts.Profile;

public class PasswordTests(Server server) : IClassFixture<Server>
{
    private const string NewPassword = "Another-Horse-8-Battery";

    [Fact]
    [Trait("Requirement", "C-25")]
    public async Task A_new_password_signs_out_everybody_else_and_ends_every_family()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var there = await server.SignedInAsync(email);
        using var here = await server.SignedInAsync(email);
        var spa = RelyingParty.Spa(server);
        Answer[] tokens = [await spa.SignInAsync(there), await spa.SignInAsync(here)];

        var changed = await here.FollowAsync(await here.ChangePasswordAsync(NewPassword));

        Assert.Contains("Your password is changed.", changed.Html, StringComparison.Ordinal);
        Assert.True(await here.IsSignedInAsync());
        Assert.False(await there.IsSignedInAsync());
        foreach (var family in tokens)
        {
            Assert.Equal("invalid_grant", (await spa.RefreshAsync(family["refresh_token"]))["error"]);
            Assert.False(await server.IsActiveAsync(family["access_token"]));
        }
    }

    [Fact]
    public async Task The_new_password_works_and_the_old_one_does_not()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);
        await browser.ChangePasswordAsync(NewPassword);
        using var other = new Browser(server);

        await other.SignInAsync(email);
        Assert.False(await other.IsSignedInAsync());
        await other.SignInAsync(email, NewPassword);
        Assert.True(await other.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-65")]
    public async Task The_person_is_told_by_letter()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);

        await browser.ChangePasswordAsync(NewPassword);

        var letter = await new Inbox(server).ReceiveAsync(email, "Your password was changed");
        Assert.Contains("/account/forgot", letter, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-67")]
    public async Task The_cookie_of_before_is_dead_after_the_change()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);
        using var thief = new Browser(server);
        thief.Cookies["session"] = browser.Cookies["session"];

        await browser.ChangePasswordAsync(NewPassword);

        Assert.False(await thief.IsSignedInAsync());
    }

    [Fact]
    public async Task Every_broken_rule_is_told_and_nothing_changes()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);

        var weak = await browser.ChangePasswordAsync("short");
        var own = await browser.ChangePasswordAsync("Ada-Lovelace1");

        Assert.Contains("Use at least 12 characters.", weak.Html, StringComparison.Ordinal);
        Assert.Contains("Add an upper-case letter.", weak.Html, StringComparison.Ordinal);
        Assert.Contains("harder to guess", own.Html, StringComparison.Ordinal);
        using var other = await server.SignedInAsync(email);
        Assert.True(await other.IsSignedInAsync());
    }

    [Fact]
    public async Task Of_two_changes_at_once_one_wins_and_the_other_is_asked_to_sign_in()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);
        using var same = new Browser(server);
        foreach (var cookie in browser.Cookies)
        {
            same.Cookies[cookie.Key] = cookie.Value;
        }

        var form = await browser.GetAsync("account/password");
        string[] passwords = ["First-Horse-8-Battery", "Second-Horse-8-Battery"];
        var answers = await Task.WhenAll(
            browser.PressAsync(form, "Set the password", ("Password", passwords[0])),
            same.PressAsync(form, "Set the password", ("Password", passwords[1]))
        );

        Assert.Single(answers, answer => answer.Location!.AbsolutePath == "/account");
        Assert.Single(answers, answer => answer.Location!.AbsolutePath == "/account/login");
    }
}
