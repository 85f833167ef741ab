using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Accounts.Profile;

public class FreshSignInTests(Server server) : IClassFixture<Server>
{
    public static TheoryData<string> Sensitive => [.. OwnPages.Sensitive.Split(' ')];

    public static TheoryData<string> Own =>
        [.. $"account account/sessions account/apps {OwnPages.Sensitive}".Split(' ')];

    [Theory]
    [MemberData(nameof(Own))]
    public async Task Nobody_sees_the_pages_of_an_account_without_signing_in(string path)
    {
        using var browser = new Browser(server);

        var page = await browser.GetAsync(path);

        Assert.Equal("/account/login", page.Location!.AbsolutePath);
        Assert.Contains(
            Uri.EscapeDataString($"/{path}"),
            page.Location.Query,
            StringComparison.OrdinalIgnoreCase
        );
    }

    [Theory]
    [MemberData(nameof(Sensitive))]
    [Trait("Requirement", "C-65")]
    public async Task A_sensitive_page_opens_for_five_minutes_after_a_sign_in(string path)
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);

        var fresh = await browser.GetAsync(path);
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        var stale = await browser.GetAsync(path);
        var sent = await browser.PostAsync(
            path,
            [.. fresh.ReadForms()[0].Controls.Where(c => c.Name is not null).Select(c => (c.Name!, c.Value))]
        );
        var again = await browser.SignInAsync(email, url: stale.Location!.ToString());

        Assert.Equal(HttpStatusCode.OK, fresh.Status);
        Assert.Equal("/account/login", stale.Location.AbsolutePath);
        Assert.Contains("prompt=login", stale.Location.Query, StringComparison.Ordinal);
        Assert.Equal("/account/login", sent.Location!.AbsolutePath);
        Assert.Equal($"/{path}", again.Location!.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, (await browser.FollowAsync(again)).Status);
    }

    [Fact]
    [Trait("Requirement", "C-65")]
    public async Task Choosing_the_account_again_is_no_fresh_sign_in()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);
        server.Clock.Advance(TimeSpan.FromMinutes(6));

        await browser.PressAsync(await browser.GetAsync("account/login"), "Continue");

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("account/password")).Status);
    }

    [Fact]
    [Trait("Requirement", "C-65")]
    public async Task A_changed_password_makes_no_old_sign_in_fresh()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);
        server.Clock.Advance(TimeSpan.FromMinutes(4));
        await browser.ChangePasswordAsync("Another-Horse-8-Battery");
        server.Clock.Advance(TimeSpan.FromMinutes(1));

        var page = await browser.GetAsync("account/email");

        Assert.Equal("/account/login", page.Location!.AbsolutePath);
    }
}
