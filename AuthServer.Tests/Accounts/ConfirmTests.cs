using System.Net;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts;

/// <summary>A server on which an address must be confirmed, and whose hashes may still become cheaper.</summary>
public sealed class ConfirmingServer : Server
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            KeyValuePair.Create("Accounts:RequireConfirmedEmail", "true"),
            KeyValuePair.Create("Passwords:BcryptCost", "5"),
            KeyValuePair.Create("RateLimits:SignInFailures:PermitLimit", "5"),
        ];
}

public sealed class ConfirmTests(ConfirmingServer server) : IClassFixture<ConfirmingServer>, IDisposable
{
    internal const string Button = "Confirm and sign in";

    private const string Subject = "Confirm your address";

    private readonly Browser _browser = new(server);
    private readonly Inbox _inbox = new(server);

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Sign_in_waits_for_the_link_and_the_password_together()
    {
        var registered = await _browser.RegisterAsync("wait@example.org");
        Assert.Equal("/account/check-mail", registered.Location!.AbsolutePath);
        await _browser.SignInAsync("wait@example.org");
        Assert.False(await _browser.IsSignedInAsync());

        var page = await _browser.GetAsync(
            Inbox.LinkIn(await _inbox.ReceiveAsync("wait@example.org", Subject))
        );
        var confirmed = await _browser.PressAsync(page, Button, ("Password", People.Password));

        Assert.Contains(
            "is confirmed",
            (await _browser.FollowAsync(confirmed)).Html,
            StringComparison.Ordinal
        );
        Assert.True(await _browser.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-70")]
    public async Task Opening_the_link_confirms_nothing()
    {
        await _browser.RegisterAsync("scanner@example.org");
        var link = Inbox.LinkIn(await _inbox.ReceiveAsync("scanner@example.org", Subject));

        await _browser.GetAsync(link);
        var forged = await _browser.PostAsync(link);

        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        Assert.False(await IsConfirmedAsync("SCANNER@EXAMPLE.ORG"));
    }

    [Fact]
    public async Task A_link_of_another_account_confirms_nothing()
    {
        await _browser.RegisterAsync("one@example.org");
        await _browser.RegisterAsync("two@example.org");
        var one = new Uri(Inbox.LinkIn(await _inbox.ReceiveAsync("one@example.org", Subject))).Query;
        var two = new Uri(Inbox.LinkIn(await _inbox.ReceiveAsync("two@example.org", Subject))).Query;
        var mixed = two.Split("&token=")[0] + "&token=" + one.Split("&token=")[1];

        foreach (var query in new[] { mixed, two[..^1], two + "A", two.Split("&token=")[0], "?token=x", "" })
        {
            var page = await _browser.GetAsync($"account/confirm{query}");

            Assert.Contains("no longer valid", page.Html, StringComparison.Ordinal);
            Assert.Empty(page.ReadForms());
        }

        Assert.False(await IsConfirmedAsync("TWO@EXAMPLE.ORG"));
    }

    [Fact]
    [Trait("Requirement", "C-76")]
    public async Task Who_registers_the_address_of_somebody_else_gets_nothing_from_their_click()
    {
        await _browser.RegisterAsync("victim@example.org", password: "Attackers-Horse-7-Battery");
        await _browser.RegisterAsync("victim@example.org");
        var letters = await _inbox.ReceiveAsync("victim@example.org", Subject, count: 2);

        foreach (var letter in letters)
        {
            var page = await _browser.GetAsync(Inbox.LinkIn(letter));
            var answer = await _browser.PressAsync(page, Button, ("Password", People.Password));
            Assert.Contains("Check the password", answer.Html, StringComparison.Ordinal);
        }

        Assert.False(await IsConfirmedAsync("VICTIM@EXAMPLE.ORG"));
    }

    [Fact]
    [Trait("Requirement", "C-55")]
    public async Task The_link_does_not_open_another_way_to_guess_the_password()
    {
        await _browser.RegisterAsync("guessed@example.org");
        var link = Inbox.LinkIn(await _inbox.ReceiveAsync("guessed@example.org", Subject));
        var page = await _browser.GetAsync(link);
        for (var i = 0; i < 3; i++)
        {
            await _browser.PressAsync(page, Button, ("Password", $"Wrong-Horse-{i}-Battery"));
        }

        await _browser.SignInAsync("guessed@example.org", "Wrong-Horse-3-Battery");
        await _browser.SignInAsync("guessed@example.org", "Wrong-Horse-4-Battery");
        var answer = await _browser.PressAsync(page, Button, ("Password", People.Password));

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
    }

    [Fact]
    [Trait("Requirement", "C-64")]
    public async Task The_link_leads_to_the_issuer_whatever_host_was_asked()
    {
        var page = await _browser.GetAsync("account/register");
        var form = page.ReadForms().Single();
        using var content = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["__RequestVerificationToken"] = form
                    .Controls.Single(c => c.Name == "__RequestVerificationToken")
                    .Value,
                ["Email"] = "host@example.org",
                ["Password"] = "Correct-Horse-7-Battery",
                ["Name"] = "Ada",
            }
        );
        var request = new HttpRequestMessage(HttpMethod.Post, "account/register") { Content = content };
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("Forwarded", "host=evil.example");

        await _browser.SendAsync(request);

        var letter = await _inbox.ReceiveAsync("host@example.org", Subject);
        Assert.StartsWith(server.Address.ToString(), Inbox.LinkIn(letter), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", letter, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-52")]
    public async Task The_mailbox_learns_what_the_page_does_not_tell()
    {
        var first = await _browser.RegisterAsync("owner@example.org");
        await server.AddAccountAsync("owner@example.org", account => account.EmailConfirmed = true);

        var second = await _browser.RegisterAsync("owner@example.org", name: "Visit evil.example");

        Assert.Equal(first.Location, second.Location);
        var letter = await _inbox.ReceiveAsync(
            "owner@example.org",
            "Someone tried to register with your address"
        );
        Assert.DoesNotContain("evil", letter, StringComparison.Ordinal);
        Assert.DoesNotContain("token", letter, StringComparison.Ordinal);
    }

    private Task<bool> IsConfirmedAsync(string canonical) =>
        server.WithDbAsync(db =>
            db.Users.AnyAsync(user => user.NormalizedEmail == canonical && user.EmailConfirmed)
        );
}

/// <summary>Apart from the others, because it moves the clock.</summary>
public class ConfirmLaterTests(ConfirmingServer server) : IClassFixture<ConfirmingServer>
{
    [Fact]
    public async Task The_link_works_for_24_hours()
    {
        using var browser = new Browser(server);
        await browser.RegisterAsync("late@example.org");
        var link = Inbox.LinkIn(
            await new Inbox(server).ReceiveAsync("late@example.org", "Confirm your address")
        );

        server.Clock.Advance(TimeSpan.FromHours(24));
        var late = await browser.GetAsync(link);
        server.Clock.Advance(TimeSpan.FromHours(-1));
        var inTime = await browser.GetAsync(link);
        server.Clock.Advance(TimeSpan.FromHours(1));
        var sentLate = await browser.PressAsync(inTime, ConfirmTests.Button, ("Password", People.Password));

        Assert.Contains("no longer valid", late.Html, StringComparison.Ordinal);
        Assert.Single(inTime.ReadForms());
        Assert.Contains("no longer valid", sentLate.Html, StringComparison.Ordinal);
    }
}
