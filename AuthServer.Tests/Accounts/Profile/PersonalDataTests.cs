using System.Net;
using System.Text.Json;
using AuthServer.Tests.Audit;
using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts.Profile;

public class PersonalDataTests(AuditedServer server) : IClassFixture<AuditedServer>
{
    [Fact]
    public async Task The_file_has_everything_of_the_person_and_no_secret()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);
        await RelyingParty.Spa(server).SignInAsync(browser);
        await LinkAsync(email, "ada@elsewhere.example");

        var file = await browser.PressAsync(await browser.GetAsync("account/data"), "Download");

        var data = JsonDocument.Parse(file.Html).RootElement;
        Assert.Equal(email, data.GetProperty("account").GetProperty("email").GetString());
        Assert.Equal("Ada Lovelace", data.GetProperty("account").GetProperty("name").GetString());
        Assert.Equal(
            "ada@elsewhere.example",
            data.GetProperty("linkedLogins")[0].GetProperty("email").GetString()
        );
        Assert.Equal(1, data.GetProperty("sessions").GetArrayLength());
        Assert.Equal("shop-spa", data.GetProperty("applications")[0].GetProperty("clientId").GetString());
        Assert.Contains(
            data.GetProperty("events").EnumerateArray(),
            row => row.GetProperty("event").GetString() == "auth.login"
        );
        string[] secrets = ["$2", "stamp", "hash", browser.Cookies["session"]];
        Assert.DoesNotContain(
            secrets,
            secret => file.Html.Contains(secret, StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    [Trait("Requirement", "C-25")]
    public async Task A_deleted_account_is_gone_with_all_that_hung_on_it()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var there = await server.SignedInAsync(email);
        using var here = await server.SignedInAsync(email);
        var spa = RelyingParty.Spa(server);
        var tokens = await spa.SignInAsync(there);
        var accountId = Jwt.Payload(tokens["id_token"])["sub"]!.ToString();

        var gone = await DeleteAsync(here);

        Assert.Contains(
            "Your account is deleted.",
            (await here.FollowAsync(gone)).Html,
            StringComparison.Ordinal
        );
        Assert.False(await there.IsSignedInAsync());
        Assert.Equal("invalid_grant", (await spa.RefreshAsync(tokens["refresh_token"]))["error"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await spa.UserInfoAsync(tokens["access_token"])).Status);
        Assert.False(await server.IsActiveAsync(tokens["access_token"]));
        Assert.Equal(0, await server.WithDbAsync(db => db.Users.CountAsync(user => user.Id == accountId)));
        Assert.Equal(
            0,
            await server.WithDbAsync(db => db.Sessions.CountAsync(session => session.AccountId == accountId))
        );
        Assert.Equal(
            0,
            await server.WithDbAsync(db =>
                db.Authorizations.CountAsync(family => family.Subject == accountId)
            )
        );
        Assert.Equal(
            0,
            await server.WithDbAsync(db => db.Tokens.CountAsync(token => token.Subject == accountId))
        );
        await new Inbox(server).ReceiveAsync(email, "Your account is deleted");
    }

    [Fact]
    public async Task The_trail_keeps_what_happened_and_forgets_where_from()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);
        var accountId = await server.WithDbAsync(db =>
            db.Users.Where(u => u.Email == email).Select(u => u.Id).SingleAsync()
        );

        await DeleteAsync(browser);

        var rows = await server.WithDbAsync(db =>
            db.Audit.AsNoTracking().Where(row => row.AccountId == accountId).ToListAsync()
        );
        Assert.Contains(rows, row => row.Event == "user.deleted");
        Assert.All(rows, row => Assert.Null(row.Address));
        Assert.All(rows, row => Assert.Null(row.Salt));
    }

    [Fact]
    [Trait("Requirement", "C-30")]
    public async Task The_address_may_be_used_again_by_a_person_with_another_id()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);
        var spa = RelyingParty.Spa(server);
        var before = Jwt.Payload((await spa.SignInAsync(browser))["id_token"])["sub"]!.ToString();
        await DeleteAsync(browser);

        await browser.RegisterAsync(email);
        await browser.SignInAsync(email);

        var after = Jwt.Payload((await spa.SignInAsync(browser))["id_token"])["sub"]!.ToString();
        Assert.NotEqual(before, after);
    }

    [Fact]
    public async Task Nothing_is_deleted_without_the_tick()
    {
        using var browser = await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));
        var page = await browser.GetAsync("account/delete");

        var answer = await browser.PressAsync(page, "Delete the account", ("sure", "false"));

        Assert.Contains("Tick the box", answer.Html, StringComparison.Ordinal);
        Assert.True(await browser.IsSignedInAsync());
    }

    private async Task LinkAsync(string email, string emailThere)
    {
        var account = await server.FindAccountAsync(email);
        await server.WithDbAsync(db =>
        {
            db.UserLogins.Add(
                new IdentityUserLogin<string>
                {
                    LoginProvider = "https://elsewhere.example",
                    ProviderKey = account.Id,
                    ProviderDisplayName = emailThere,
                    UserId = account.Id,
                }
            );
            return db.SaveChangesAsync();
        });
    }

    private static async Task<Page> DeleteAsync(Browser browser) =>
        await browser.PressAsync(
            await browser.GetAsync("account/delete"),
            "Delete the account",
            ("sure", "true")
        );
}
