using System.Net;
using AuthServer.Data;
using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts.External;

[Trait("Requirement", "C-76")]
public sealed class LinkedLoginsTests(GoogleServer server) : IClassFixture<GoogleServer>, IAsyncLifetime
{
    private const string Google = "https://accounts.google.com";
    private static int _count;

    private readonly Browser _browser = new(server);
    private readonly string _email = $"logins{Interlocked.Increment(ref _count)}@example.org";
    private Account _account = null!;

    public async Task InitializeAsync()
    {
        _account = await server.AddAccountAsync(_email);
        server.Google.Person = GooglePerson.New();
        server.Google.Fault = GoogleFault.None;
        await _browser.SignInAsync(_email);
    }

    public Task DisposeAsync()
    {
        _browser.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Somebody_who_is_signed_in_connects_a_login_whatever_its_address()
    {
        var page = await ConnectAsync();
        Assert.Contains(_email, page.Html, StringComparison.Ordinal);
        Assert.Contains(server.Google.Person.Email!, page.Html, StringComparison.Ordinal);

        var done = await _browser.PressAsync(page, "Connect");

        var logins = await _browser.FollowAsync(done);
        Assert.Contains(server.Google.Person.Email!, logins.Html, StringComparison.Ordinal);
        Assert.Equal([(Google, server.Google.Person.Subject)], await LoginsAsync());
        await new Inbox(server).ReceiveAsync(_email, "A new way to sign in to your account");
    }

    [Fact]
    public async Task A_login_of_another_account_is_not_taken_from_it()
    {
        using var other = new Browser(server);
        await other.SignInWithGoogleAsync();

        var answer = await ReturnToConnectAsync();

        Assert.True(answer.IsAskedForMore());
        Assert.Empty(await LoginsAsync());
        Assert.Contains(_email, (await _browser.GetAsync("account/login")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_is_connected_already_stays_so()
    {
        await _browser.PressAsync(await ConnectAsync(), "Connect");

        var answer = await ReturnToConnectAsync();

        Assert.Equal("/account/logins", answer.Location!.AbsolutePath);
        Assert.Single(await LoginsAsync());
    }

    [Fact]
    public async Task What_one_asked_for_before_somebody_else_signed_in_happens_to_neither()
    {
        var pressed = await _browser.PressAsync(await _browser.GetAsync("account/logins"), "Connect Google");
        var returned = await _browser.FollowAsync(await _browser.FollowAsync(pressed));
        await _browser.SignInAsync();

        var answer = await _browser.FollowAsync(returned);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Empty(await LoginsAsync());
    }

    [Fact]
    public async Task Disconnecting_needs_a_fresh_sign_in()
    {
        await AddLoginAsync("g-old");
        server.Clock.Advance(TimeSpan.FromMinutes(5));

        var answer = await DisconnectAsync();

        Assert.Equal("/account/login", answer.Location!.AbsolutePath);
        Assert.Single(await LoginsAsync());
    }

    [Fact]
    public async Task Disconnecting_tells_the_mailbox_and_ends_the_sessions_elsewhere()
    {
        await AddLoginAsync("g-away");
        server.Google.Person = GooglePerson.New() with { Subject = $"g-away-{_account.Id}" };
        using var elsewhere = new Browser(server);
        await elsewhere.SignInWithGoogleAsync();

        await DisconnectAsync();

        Assert.Empty(await LoginsAsync());
        Assert.False(await elsewhere.IsSignedInAsync());
        Assert.True(await _browser.IsSignedInAsync());
        await new Inbox(server).ReceiveAsync(_email, "A way to sign in was removed");
        Assert.Contains(
            "federation.unlinked",
            await server.WithDbAsync(db =>
                db.Audit.Where(row => row.AccountId == _account.Id).Select(row => row.Event).ToListAsync()
            )
        );
    }

    [Fact]
    public async Task The_last_way_in_stays()
    {
        await AddLoginAsync("g-last");
        var page = await _browser.GetAsync("account/logins");
        await DropPasswordAsync();

        var answer = await _browser.PressAsync(page, "Disconnect");

        Assert.Contains("last way in", answer.Html, StringComparison.Ordinal);
        Assert.Single(await LoginsAsync());
    }

    [Fact]
    public async Task A_login_at_a_provider_that_is_gone_is_no_way_in()
    {
        await AddLoginAsync("g-only");
        await AddLoginAsync("gone", issuer: "https://gone.example");
        var page = await _browser.GetAsync("account/logins");
        await DropPasswordAsync();

        var refused = await _browser.PressAsync(
            page,
            "Disconnect",
            ("issuer", Google),
            ("subject", $"g-only-{_account.Id}")
        );
        await _browser.PressAsync(
            page,
            "Disconnect",
            ("issuer", "https://gone.example"),
            ("subject", $"gone-{_account.Id}")
        );

        Assert.Contains("last way in", refused.Html, StringComparison.Ordinal);
        Assert.Equal([(Google, $"g-only-{_account.Id}")], await LoginsAsync());
    }

    [Fact]
    public async Task Of_the_last_two_logins_disconnected_at_once_one_stays()
    {
        await AddLoginAsync("g-one");
        await AddLoginAsync("g-two");
        await DropPasswordAsync();
        var page = await _browser.GetAsync("account/logins");
        var cookies = _browser.Cookies.ToList();
        using var other = new Browser(server);
        cookies.ForEach(other.Cookies.Add);

        await Task.WhenAll(
            _browser.PressAsync(page, "Disconnect", ("subject", $"g-one-{_account.Id}")),
            other.PressAsync(page, "Disconnect", ("subject", $"g-two-{_account.Id}"))
        );

        Assert.Single(await LoginsAsync());
    }

    [Fact]
    public async Task A_login_of_somebody_else_cannot_be_disconnected()
    {
        await AddLoginAsync("g-mine");
        var page = await _browser.GetAsync("account/logins");
        using var other = new Browser(server);
        await other.SignInWithGoogleAsync();

        await _browser.PressAsync(page, "Disconnect", ("subject", server.Google.Person.Subject));

        Assert.True(
            await server.WithDbAsync(db =>
                db.UserLogins.AnyAsync(row => row.ProviderKey == server.Google.Person.Subject)
            )
        );
    }

    [Fact]
    public async Task Nobody_sees_the_page_without_being_signed_in()
    {
        using var stranger = new Browser(server);

        var answer = await stranger.GetAsync("account/logins");

        Assert.Equal("/account/login", answer.Location!.AbsolutePath);
    }

    private async Task<Page> ReturnToConnectAsync()
    {
        var pressed = await _browser.PressAsync(await _browser.GetAsync("account/logins"), "Connect Google");
        return await _browser.FollowAsync(await _browser.FollowAsync(await _browser.FollowAsync(pressed)));
    }

    private async Task<Page> ConnectAsync() => await _browser.FollowAsync(await ReturnToConnectAsync());

    private async Task<Page> DisconnectAsync() =>
        await _browser.PressAsync(await _browser.GetAsync("account/logins"), "Disconnect");

    private Task<int> AddLoginAsync(string subject, string issuer = Google) =>
        server.WithDbAsync(db =>
        {
            db.UserLogins.Add(
                new IdentityUserLogin<string>
                {
                    LoginProvider = issuer,
                    ProviderKey = $"{subject}-{_account.Id}",
                    UserId = _account.Id,
                }
            );
            return db.SaveChangesAsync();
        });

    private Task<int> DropPasswordAsync() =>
        server.WithDbAsync(db =>
            db.Users.Where(user => user.Id == _account.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, (string?)null))
        );

    private async Task<List<(string, string)>> LoginsAsync() =>
        [
            .. (
                await server.WithDbAsync(db =>
                    db.UserLogins.AsNoTracking().Where(row => row.UserId == _account.Id).ToListAsync()
                )
            ).Select(row => (row.LoginProvider, row.ProviderKey)),
        ];
}
