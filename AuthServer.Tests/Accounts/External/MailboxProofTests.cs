using System.Net;
using AuthServer.Data;
using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts.External;

/// <summary>Nobody has confirmed the address here, or its provider has not: a letter of ours must prove the mailbox.</summary>
[Trait("Requirement", "C-76")]
public sealed class MailboxProofTests(GoogleServer server) : IClassFixture<GoogleServer>, IDisposable
{
    private const string Subject = "Go on signing in";
    private static int _count;

    private readonly Browser _browser = new(server);
    private readonly Inbox _inbox = new(server);
    private readonly string _email = $"mailbox{Interlocked.Increment(ref _count)}@example.org";

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task An_unverified_newcomer_gets_an_account_after_the_button_behind_the_link()
    {
        var link = await ArriveAsync(verified: false, "account/login?returnUrl=%2Fnext");
        var page = await _browser.GetAsync(link);
        Assert.False(await ExistsAsync());

        var answer = await _browser.PressAsync(page, "Go on");

        Assert.Equal("/next", answer.Location!.PathAndQuery);
        Assert.True(await _browser.IsSignedInAsync());
        Assert.True((await server.FindAccountAsync(_email)).EmailConfirmed);
    }

    [Fact]
    [Trait("Requirement", "C-70")]
    public async Task Opening_the_link_does_nothing()
    {
        var link = await ArriveAsync(verified: false);

        await _browser.GetAsync(link);
        var forged = await _browser.PostAsync(link);

        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        Assert.False(await ExistsAsync());
    }

    [Fact]
    public async Task In_another_browser_the_link_does_nothing_so_nobody_proves_a_mailbox_for_a_stranger()
    {
        var link = await ArriveAsync(verified: false);
        using var owner = new Browser(server);
        var page = await owner.GetAsync(link);

        var forced = await owner.PressAsync(
            await owner.GetAsync("account/login"),
            "Sign in",
            ("Email", ""),
            ("Password", "")
        );
        var posted = await owner.PostAsync(link, Token(forced));

        Assert.Contains("does not work here", page.Html, StringComparison.Ordinal);
        Assert.Contains("does not work here", posted.Html, StringComparison.Ordinal);
        Assert.False(await ExistsAsync());
    }

    [Fact]
    public async Task The_browser_without_the_link_does_nothing_either()
    {
        await ArriveAsync(verified: false);

        foreach (var token in new[] { "", "?token=", "?token=wrong", $"?token={new string('x', 5000)}" })
        {
            var page = await _browser.GetAsync($"account/external/mailbox{token}");
            Assert.Contains("does not work here", page.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_link_works_once_and_for_ten_minutes_and_the_newest_only()
    {
        var first = await ArriveAsync(verified: false);
        await _browser.SignInWithGoogleAsync();
        var old = await _browser.GetAsync(first);
        var newest = Inbox.LinkIn(await LetterAsync(2));
        var page = await _browser.GetAsync(newest);
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        var late = await _browser.PressAsync(page, "Go on");
        server.Clock.Advance(-TimeSpan.FromMinutes(10));
        var cookie = _browser.Cookies["external"];
        await _browser.PressAsync(page, "Go on");
        _browser.Cookies["external"] = cookie;
        _browser.Cookies.Remove("session");
        var twice = await _browser.PressAsync(page, "Go on");

        Assert.Contains("does not work here", old.Html, StringComparison.Ordinal);
        Assert.Contains("does not work here", late.Html, StringComparison.Ordinal);
        Assert.Contains("does not work here", twice.Html, StringComparison.Ordinal);
        Assert.True(await ExistsAsync());
    }

    [Fact]
    public async Task A_shell_that_somebody_laid_in_wait_is_emptied_before_it_is_linked()
    {
        using var attacker = new Browser(server);
        await attacker.RegisterAsync(_email, "Attackers-Horse-7-Battery", "Eve Attacker");
        var shell = await server.FindAccountAsync(_email);
        var confirmation = Inbox.LinkIn(await _inbox.ReceiveAsync(_email, "Confirm your address"));
        await server.WithDbAsync(db =>
        {
            db.UserLogins.Add(
                new IdentityUserLogin<string>
                {
                    LoginProvider = "https://elsewhere.example",
                    ProviderKey = "eve" + _email,
                    UserId = shell.Id,
                }
            );
            db.UserTokens.Add(
                new IdentityUserToken<string>
                {
                    UserId = shell.Id,
                    LoginProvider = "authenticator",
                    Name = "key",
                    Value = "the-attackers-second-factor",
                }
            );
            db.Users.Single(user => user.Id == shell.Id).TwoFactorEnabled = true;
            db.Sessions.Add(
                new Session
                {
                    Id = "session-of-" + _email,
                    AccountId = shell.Id,
                    SecurityStamp = shell.SecurityStamp!,
                    AuthenticatedAt = server.Clock.GetUtcNow().UtcDateTime,
                    LastSeenAt = server.Clock.GetUtcNow().UtcDateTime,
                    ExpiresAt = server.Clock.GetUtcNow().UtcDateTime.AddDays(1),
                    Amr = "pwd",
                }
            );
            return db.SaveChangesAsync();
        });

        var page = await _browser.GetAsync(await ArriveAsync(verified: true));
        await _browser.PressAsync(page, "Go on");

        Assert.True(await _browser.IsSignedInAsync());
        var account = await server.FindAccountAsync(_email);
        Assert.Equal(shell.Id, account.Id);
        Assert.Null(account.PasswordHash);
        Assert.False(account.TwoFactorEnabled);
        Assert.False(await server.WithDbAsync(db => db.UserTokens.AnyAsync(row => row.UserId == account.Id)));
        Assert.Equal("Grace Hopper", account.Name);
        Assert.NotEqual(shell.SecurityStamp, account.SecurityStamp);
        Assert.Equal(
            ["https://accounts.google.com"],
            await server.WithDbAsync(db =>
                db.UserLogins.Where(row => row.UserId == account.Id)
                    .Select(row => row.LoginProvider)
                    .ToListAsync()
            )
        );
        Assert.NotNull(
            await server.WithDbAsync(db =>
                db.Sessions.Where(row => row.Id == "session-of-" + _email)
                    .Select(row => row.EndedAt)
                    .SingleAsync()
            )
        );
        var dead = await attacker.GetAsync(confirmation);
        Assert.Contains("no longer valid", dead.Html, StringComparison.Ordinal);
        await attacker.SignInAsync(_email, "Attackers-Horse-7-Battery");
        Assert.False(await attacker.IsSignedInAsync());
        await _inbox.ReceiveAsync(_email, "Your account was made new");
    }

    [Fact]
    public async Task A_verified_address_alone_does_not_open_a_shell()
    {
        using var attacker = new Browser(server);
        await attacker.RegisterAsync(_email);

        await ArriveAsync(verified: true);

        Assert.False(await _browser.IsSignedInAsync());
        Assert.NotNull((await server.FindAccountAsync(_email)).PasswordHash);
    }

    [Fact]
    public async Task A_shell_of_yesterday_that_nobody_has_used_makes_room_at_once()
    {
        using var attacker = new Browser(server);
        await attacker.RegisterAsync(_email);
        var shell = await server.FindAccountAsync(_email);
        await AgeAsync(shell.Id);
        server.Google.Person = GooglePerson.New(_email);

        await _browser.SignInWithGoogleAsync();

        Assert.True(await _browser.IsSignedInAsync());
        var account = await server.FindAccountAsync(_email);
        Assert.NotEqual(shell.Id, account.Id);
        Assert.Null(account.PasswordHash);
    }

    [Fact]
    public async Task An_unverified_address_opens_a_shell_by_no_letter()
    {
        using var attacker = new Browser(server);
        var link = await ArriveAsync(verified: false);
        await attacker.RegisterAsync(_email);

        var answer = await _browser.PressAsync(await _browser.GetAsync(link), "Go on");

        Assert.True(answer.IsAskedForMore());
        Assert.False(await _browser.IsSignedInAsync());
        Assert.NotNull((await server.FindAccountAsync(_email)).PasswordHash);
    }

    private async Task<string> ArriveAsync(bool verified, string url = "account/login")
    {
        server.Google.Person = GooglePerson.New(_email) with { Verified = verified };
        server.Google.Fault = GoogleFault.None;
        Assert.True((await _browser.SignInWithGoogleAsync(url)).IsAskedForMore());
        return Inbox.LinkIn(await _inbox.ReceiveAsync(_email, Subject));
    }

    // The letters come in their order.
    private async Task<string> LetterAsync(int number)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_inbox.To(_email).Count < number)
        {
            await Task.Delay(10, patience.Token);
        }

        return _inbox.To(_email)[number - 1];
    }

    private static (string, string) Token(Page page) =>
        (
            "__RequestVerificationToken",
            page.ReadForms()[0].Controls.Single(control => control.Name == "__RequestVerificationToken").Value
        );

    private Task<bool> ExistsAsync() =>
        server.WithDbAsync(db => db.Users.AnyAsync(user => user.Email == _email));

    private Task<int> AgeAsync(string id) =>
        server.WithDbAsync(db =>
            db.Users.Where(user => user.Id == id)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(
                        user => user.CreatedAt,
                        server.Clock.GetUtcNow().UtcDateTime.AddHours(-24)
                    )
                )
        );
}
