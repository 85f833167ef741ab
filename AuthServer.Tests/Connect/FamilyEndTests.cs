using System.Net;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Connect;

/// <summary>What ends a family, beside its own misuse.</summary>
public class FamilyEndTests(Server server) : IClassFixture<Server>
{
    [Theory]
    [InlineData("stamp")]
    [InlineData("lock")]
    [InlineData("disable")]
    [InlineData("delete")]
    [Trait("Requirement", "C-25")]
    public async Task A_changed_account_kills_its_families_and_access_tokens_at_once(string change)
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        var spa = RelyingParty.Spa(server);
        var tokens = await spa.SignInAsync(await server.SignedInAsync(email));
        Assert.True(await IsActiveAsync(tokens["access_token"]));

        await server.WithDbAsync(db => ChangeAsync(db, email, change));

        Assert.False(await IsActiveAsync(tokens["access_token"]));
        Assert.Equal(HttpStatusCode.Unauthorized, (await spa.UserInfoAsync(tokens["access_token"])).Status);
        var refreshed = await spa.RefreshAsync(tokens["refresh_token"]);
        Assert.Equal("invalid_grant", refreshed["error"]);
    }

    [Fact]
    [Trait("Requirement", "C-25")]
    public async Task Signing_out_kills_the_families_of_that_browser_only()
    {
        var email = await server.NewPersonAsync("Grace Hopper");
        var spa = RelyingParty.Spa(server);
        var here = await server.SignedInAsync(email);
        var tokensHere = await spa.SignInAsync(here);
        var tokensThere = await spa.SignInAsync(await server.SignedInAsync(email));

        await here.SignOutAsync();

        Assert.False(await IsActiveAsync(tokensHere["access_token"]));
        Assert.Equal("invalid_grant", (await spa.RefreshAsync(tokensHere["refresh_token"]))["error"]);
        Assert.Equal(HttpStatusCode.OK, (await spa.RefreshAsync(tokensThere["refresh_token"])).Status);
    }

    [Fact]
    public async Task Signing_in_again_in_the_same_browser_keeps_the_families_of_the_same_person()
    {
        var email = await server.NewPersonAsync("Mary Jackson");
        var spa = RelyingParty.Spa(server);
        var browser = await server.SignedInAsync(email);
        var tokens = await spa.SignInAsync(browser);

        await browser.SignInAsync(email);

        Assert.Equal(HttpStatusCode.OK, (await spa.RefreshAsync(tokens["refresh_token"])).Status);
    }

    [Fact]
    public async Task Signing_in_as_somebody_else_in_the_same_browser_ends_the_families_of_the_first()
    {
        var spa = RelyingParty.Spa(server);
        var browser = await server.SignedInAsync(await server.NewPersonAsync("First Person"));
        var tokens = await spa.SignInAsync(browser);

        await browser.SignInAsync(await server.NewPersonAsync("Second Person"));

        Assert.Equal("invalid_grant", (await spa.RefreshAsync(tokens["refresh_token"]))["error"]);
    }

    private async Task<bool> IsActiveAsync(string token) =>
        (await RelyingParty.OrdersApi(server).IntrospectAsync(token)).Json.GetProperty("active").GetBoolean();

    private static Task<int> ChangeAsync(AuthDb db, string email, string change)
    {
        var account = db.Users.Where(account => account.Email == email);
        return change switch
        {
            "stamp" => account.ExecuteUpdateAsync(set => set.SetProperty(a => a.SecurityStamp, "moved")),
            "lock" => account.ExecuteUpdateAsync(set =>
                set.SetProperty(a => a.LockoutEnd, DateTimeOffset.MaxValue)
            ),
            "disable" => account.ExecuteUpdateAsync(set =>
                set.SetProperty(a => a.DisabledAt, DateTime.UnixEpoch)
            ),
            _ => account.ExecuteDeleteAsync(),
        };
    }
}
