using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts.External;

[Trait("Requirement", "C-76")]
public sealed class NeutralPageTests(GoogleServer server) : IClassFixture<GoogleServer>
{
    private readonly Inbox _inbox = new(server);

    [Fact]
    public async Task All_who_are_not_let_in_see_the_same()
    {
        await server.AddAccountAsync("confirmed@example.org");
        await server.AddAccountAsync("taken@example.org");
        await server.AddAccountAsync("shell@example.org", account => account.EmailConfirmed = false);
        await server.AddAccountAsync("shut@example.org", account => account.EmailConfirmed = false);
        await server.AddAccountAsync(
            "shut@example.org",
            account => account.DisabledAt = server.Clock.GetUtcNow().UtcDateTime
        );
        var disabled = GooglePerson.New("disabled@example.org");
        server.Google.Person = disabled;
        using (var before = new Browser(server))
        {
            await before.SignInWithGoogleAsync();
        }

        await server.AddAccountAsync(
            "disabled@example.org",
            account => account.DisabledAt = server.Clock.GetUtcNow().UtcDateTime
        );

        var first = await AttemptAsync(GooglePerson.New("confirmed@example.org"));

        Assert.Contains("One more step", first, StringComparison.Ordinal);
        foreach (
            var person in new[]
            {
                GooglePerson.New("taken@example.org") with
                {
                    Verified = false,
                },
                GooglePerson.New("shell@example.org"),
                GooglePerson.New("shell@example.org") with
                {
                    Verified = false,
                },
                GooglePerson.New("shut@example.org"),
                GooglePerson.New("nobody@example.org") with
                {
                    Verified = false,
                },
                GooglePerson.New("no address"),
                GooglePerson.New() with
                {
                    Email = null,
                },
                disabled,
            }
        )
        {
            Assert.Equal(first, await AttemptAsync(person));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData("true")]
    [InlineData(1)]
    [InlineData(null)]
    [Trait("Requirement", "C-77")]
    public async Task Only_the_JSON_value_true_says_that_an_address_is_verified(object? verified)
    {
        var email = $"unverified-{verified ?? "missing"}@example.org";
        server.Google.Person = GooglePerson.New(email) with { Verified = verified };
        using var browser = new Browser(server);

        var answer = await browser.SignInWithGoogleAsync();

        Assert.True(answer.IsAskedForMore());
        Assert.False(await server.WithDbAsync(db => db.Users.AnyAsync(user => user.Email == email)));
    }

    [Fact]
    public async Task The_truth_goes_to_the_mailbox()
    {
        await server.AddAccountAsync("owner@example.org");

        await AttemptAsync(GooglePerson.New("owner@example.org"));
        await AttemptAsync(GooglePerson.New("stranger@example.org") with { Verified = false });

        var owner = await _inbox.ReceiveAsync(
            "owner@example.org",
            "Someone tried to sign in with your address"
        );
        var stranger = await _inbox.ReceiveAsync("stranger@example.org", "Go on signing in");
        Assert.DoesNotContain("token", owner, StringComparison.Ordinal);
        Assert.StartsWith(
            $"{server.Address}account/external/mailbox?token=",
            Inbox.LinkIn(stranger),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_address_gets_three_letters_an_hour_and_no_more()
    {
        await server.AddAccountAsync("flooded@example.org");

        for (var i = 0; i < 5; i++)
        {
            await AttemptAsync(GooglePerson.New("Flooded@example.org"));
        }

        // A letter to somebody else is later than all of these.
        await AttemptAsync(GooglePerson.New("last@example.org") with { Verified = false });
        await _inbox.ReceiveAsync("last@example.org", "Go on signing in");
        Assert.Equal(3, _inbox.To("flooded@example.org").Count);
    }

    [Fact]
    public async Task What_waits_is_swept_away_when_its_time_is_over()
    {
        var person = GooglePerson.New("waits@example.org") with { Verified = false };
        await AttemptAsync(person);
        await AttemptAsync(person);
        Assert.Equal(1, await WaitingAsync(person));

        server.Clock.Advance(TimeSpan.FromMinutes(10));
        await AttemptAsync(GooglePerson.New("next@example.org") with { Verified = false });

        Assert.Equal(0, await WaitingAsync(person));
    }

    private Task<int> WaitingAsync(GooglePerson person) =>
        server.WithDbAsync(db => db.PendingIdentities.CountAsync(row => row.Subject == person.Subject));

    // Everything that the browser sees, but for what is new each time.
    private async Task<string> AttemptAsync(GooglePerson person)
    {
        server.Google.Person = person;
        using var browser = new Browser(server);
        var answer = await browser.SignInWithGoogleAsync();
        var page = await browser.FollowAsync(answer);
        Assert.False(await browser.IsSignedInAsync());
        return $"{answer.Status} {Headers(answer)}\n{page.Status} {Headers(page)}\n{page.Html}";
    }

    private static string Headers(Page page) =>
        string.Join(
            '\n',
            page.Headers.Where(header => header.Key != "Date")
                .Select(header => $"{header.Key}: {string.Join(',', header.Value.Select(Blur))}")
        );

    private static string Blur(string value) =>
        value.StartsWith("external=", StringComparison.Ordinal)
            ? $"external={value.Split(';')[0].Length}{value[value.IndexOf(';', StringComparison.Ordinal)..]}"
            : value;
}
