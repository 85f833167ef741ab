using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts.External.OpenId;

public sealed class TwoServersTests(TwoServers servers) : IClassFixture<TwoServers>
{
    [Fact]
    [Trait("Requirement", "C-75")]
    public async Task Somebody_of_one_server_gets_an_account_at_the_other_and_signs_in_to_it_again()
    {
        var email = await servers.Home.NewPersonAsync("Ada Lovelace");
        await ConfirmAsync(email);
        using var atHome = await servers.Home.SignedInAsync(email);
        using var first = new Browser(servers.Guest);
        using var again = new Browser(servers.Guest);

        await servers.SignInAsync(atHome, first);
        await servers.SignInAsync(atHome, again);

        Assert.True(await first.IsSignedInAsync());
        Assert.True(await again.IsSignedInAsync());
        var there = await servers.Home.FindAccountAsync(email);
        var here = await servers.Guest.FindAccountAsync(email);
        Assert.Equal((true, null, "Ada Lovelace"), (here.EmailConfirmed, here.PasswordHash, here.Name));
        Assert.Equal(
            (servers.Home.Address.ToString(), there.Id),
            await servers.Guest.WithDbAsync(db =>
                db.UserLogins.Where(row => row.UserId == here.Id)
                    .Select(row => ValueTuple.Create(row.LoginProvider, row.ProviderKey))
                    .SingleAsync()
            )
        );
    }

    [Fact]
    [Trait("Requirement", "C-76")]
    public async Task An_account_that_has_the_same_address_is_not_signed_in_to()
    {
        var email = await servers.Home.NewPersonAsync("Ada Lovelace");
        await ConfirmAsync(email);
        await servers.Guest.AddAccountAsync(email);
        using var atHome = await servers.Home.SignedInAsync(email);
        using var browser = new Browser(servers.Guest);

        var answer = await servers.SignInAsync(atHome, browser);

        Assert.True(answer.IsAskedForMore());
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-76")]
    public async Task An_address_that_the_other_server_has_not_verified_makes_no_account()
    {
        var email = await servers.Home.NewPersonAsync("Ada Lovelace");
        using var atHome = await servers.Home.SignedInAsync(email);
        using var browser = new Browser(servers.Guest);

        var answer = await servers.SignInAsync(atHome, browser);

        Assert.True(answer.IsAskedForMore());
        Assert.False(await servers.Guest.WithDbAsync(db => db.Users.AnyAsync(user => user.Email == email)));
    }

    private Task ConfirmAsync(string email) =>
        servers.Home.AddAccountAsync(email, account => account.EmailConfirmed = true);
}
