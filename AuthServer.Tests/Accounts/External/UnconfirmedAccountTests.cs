using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts.External;

/// <summary>A server on which people may sign in before they have confirmed their address.</summary>
public sealed class TrustingGoogleServer : GoogleServer
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, new("Accounts:RequireConfirmedEmail", "false")];
}

[Trait("Requirement", "C-76")]
public sealed class UnconfirmedAccountTests(TrustingGoogleServer server) : IClassFixture<TrustingGoogleServer>
{
    [Fact]
    public async Task Whoever_has_not_confirmed_the_address_connects_nothing_that_could_wait_for_its_owner()
    {
        using var attacker = new Browser(server);
        await attacker.RegisterAsync("victim@example.org");
        await attacker.SignInAsync("victim@example.org");
        server.Google.Person = GooglePerson.New();
        var pressed = await attacker.PressAsync(await attacker.GetAsync("account/logins"), "Connect Google");
        var arrived = await attacker.FollowAsync(
            await attacker.FollowAsync(await attacker.FollowAsync(pressed))
        );

        var page = await attacker.FollowAsync(arrived);

        Assert.Contains("cannot be connected", page.Html, StringComparison.Ordinal);
        Assert.False(
            await server.WithDbAsync(db =>
                db.UserLogins.AnyAsync(row => row.ProviderKey == server.Google.Person.Subject)
            )
        );
    }

    [Fact]
    public async Task An_account_that_was_lived_in_is_never_deleted_for_its_age()
    {
        using var person = new Browser(server);
        await person.RegisterAsync("lived@example.org");
        await person.SignInAsync("lived@example.org");
        var before = await server.FindAccountAsync("lived@example.org");
        server.Clock.Advance(TimeSpan.FromDays(2));
        server.Google.Person = GooglePerson.New("lived@example.org");

        using var other = new Browser(server);
        var answer = await other.SignInWithGoogleAsync();

        Assert.True(answer.IsAskedForMore());
        Assert.Equal(before.Id, (await server.FindAccountAsync("lived@example.org")).Id);
    }

    [Fact]
    public async Task When_such_an_account_is_taken_over_whoever_lived_in_it_is_out_with_all_tokens()
    {
        using var squatter = new Browser(server);
        await squatter.RegisterAsync("taken@example.org");
        await squatter.SignInAsync("taken@example.org");
        var spa = RelyingParty.Spa(server);
        var tokens = await spa.SignInAsync(squatter);
        server.Google.Person = GooglePerson.New("taken@example.org");
        using var owner = new Browser(server);
        await owner.SignInWithGoogleAsync();
        var letter = await new Inbox(server).ReceiveAsync("taken@example.org", "Go on signing in");

        await owner.PressAsync(await owner.GetAsync(Inbox.LinkIn(letter)), "Go on");

        Assert.True(await owner.IsSignedInAsync());
        Assert.False(await squatter.IsSignedInAsync());
        Assert.Equal("invalid_grant", (await spa.RefreshAsync(tokens["refresh_token"]))["error"]);
    }
}
