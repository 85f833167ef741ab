using System.Net;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts.Profile;

public class ProfileTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task A_new_name_is_what_clients_are_told()
    {
        using var browser = await server.SignedInAsync(await server.NewPersonAsync("Ada Byron"));

        var saved = await SaveAsync(browser, ("Name", "Ada O’Lovelace"));

        Assert.Contains("Saved.", (await browser.FollowAsync(saved)).Html, StringComparison.Ordinal);
        var spa = RelyingParty.Spa(server);
        var tokens = await spa.SignInAsync(browser);
        var told = await spa.UserInfoAsync(tokens["access_token"]);
        Assert.Equal("Ada O’Lovelace", told["name"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("<b>Ada</b>")]
    [InlineData("Ada\u202Eevol")]
    public async Task A_name_that_breaks_a_rule_is_not_taken(string name)
    {
        var email = await server.NewPersonAsync("Ada Byron");
        using var browser = await server.SignedInAsync(email);

        var page = await SaveAsync(browser, ("Name", name));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("aria-invalid=\"true\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(
            "Ada Byron",
            await server.WithDbAsync(db =>
                db.Users.Where(u => u.Email == email).Select(u => u.Name).SingleAsync()
            )
        );
    }

    [Fact]
    public async Task The_chosen_language_is_spoken_at_once_and_after_the_next_sign_in_elsewhere()
    {
        var email = await server.NewPersonAsync("Ada Byron");
        using var browser = await server.SignedInAsync(email);

        var saved = await browser.FollowAsync(await SaveAsync(browser, ("Language", "de")));
        using var elsewhere = new Browser(server) { Languages = "en" };
        await elsewhere.SignInAsync(email);

        Assert.Contains("Gespeichert.", saved.Html, StringComparison.Ordinal);
        Assert.Contains(
            "<h1>Mein Konto</h1>",
            (await elsewhere.GetAsync("account")).Html,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_language_that_we_do_not_speak_is_the_browsers()
    {
        using var browser = await server.SignedInAsync(await server.NewPersonAsync("Ada Byron"));

        await SaveAsync(browser, ("Language", "../../etc"));
        browser.Languages = "de";

        Assert.Contains(
            "<h1>Mein Konto</h1>",
            (await browser.GetAsync("account")).Html,
            StringComparison.Ordinal
        );
    }

    [Fact]
    [Trait("Requirement", "C-66")]
    public async Task Thirty_other_fields_change_nothing()
    {
        var email = await server.NewPersonAsync("Ada Byron");
        using var browser = await server.SignedInAsync(email);
        var before = await ReadAsync(email);
        var others =
            "Id Email NormalizedEmail UserName NormalizedUserName EmailConfirmed PasswordHash SecurityStamp ConcurrencyStamp PhoneNumber PhoneNumberConfirmed TwoFactorEnabled LockoutEnd LockoutEnabled AccessFailedCount DisabledAt CreatedAt ResetId Role Roles Claims IsAdmin Account.EmailConfirmed account[DisabledAt] Account.SecurityStamp User.Id Current own.Name Sessions LinkedLogins";

        await SaveAsync(
            browser,
            [("Name", "Ada Byron"), .. others.Split(' ').Select(name => (name, "true"))]
        );

        Assert.Equal(before, await ReadAsync(email));
    }

    private Task<string> ReadAsync(string email) =>
        server.WithDbAsync(async db =>
        {
            var account = await db.Users.AsNoTracking().SingleAsync(user => user.Email == email);
            account.Language = null;
            return System.Text.Json.JsonSerializer.Serialize(account);
        });

    private static async Task<Page> SaveAsync(Browser browser, params (string Name, string Value)[] fields) =>
        await browser.PressAsync(await browser.GetAsync("account"), "Save", fields);
}
