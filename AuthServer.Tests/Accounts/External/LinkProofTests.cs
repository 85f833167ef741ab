using System.Net;
using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts.External;

/// <summary>A confirmed account has the address: only it can say that a login is its own.</summary>
[Trait("Requirement", "C-76")]
public sealed class LinkProofTests(GoogleServer server) : IClassFixture<GoogleServer>, IAsyncLifetime
{
    private const string Connect = "account/external/connect";
    private static int _count;

    private readonly Browser _browser = new(server);
    private readonly string _email = $"linker{Interlocked.Increment(ref _count)}@example.org";
    private GooglePerson _person = null!;

    public async Task InitializeAsync()
    {
        await server.AddAccountAsync(_email);
        _person = GooglePerson.New(_email);
        server.Google.Person = _person;
        server.Google.Fault = GoogleFault.None;
    }

    public Task DisposeAsync()
    {
        _browser.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_password_in_the_same_browser_and_a_button_connect_and_the_mailbox_is_told()
    {
        await ArriveAsync("account/login?returnUrl=%2Fnext");
        var page = await ProveAsync();
        Assert.Contains(_person.Email!, page.Html, StringComparison.Ordinal);
        Assert.False(await IsLinkedAsync());

        var connected = await _browser.PressAsync(page, "Connect");

        Assert.Equal("/next", connected.Location!.PathAndQuery);
        Assert.True(await IsLinkedAsync());
        await new Inbox(server).ReceiveAsync(_email, "A new way to sign in to your account");
        Assert.Contains("federation.linked", await EventsAsync());
        using var later = new Browser(server);
        await later.SignInWithGoogleAsync();
        Assert.True(await later.IsSignedInAsync());
    }

    [Fact]
    public async Task The_address_is_shown_and_cannot_be_edited()
    {
        await ArriveAsync();
        var page = await ProveAsync();

        await _browser.PressAsync(
            page,
            "Connect",
            ("Email", "other@example.org"),
            ("ExternalEmail", "other@example.org"),
            ("subject", "g-other")
        );

        Assert.Equal(
            ["__RequestVerificationToken"],
            page.ReadForms().Single().Controls.Select(control => control.Name).OfType<string>()
        );
        Assert.True(await IsLinkedAsync());
    }

    [Fact]
    [Trait("Requirement", "C-70")]
    public async Task Opening_the_page_or_a_form_of_somebody_else_connects_nothing()
    {
        await ArriveAsync();
        await ProveAsync();

        var forged = await _browser.PostAsync(Connect);

        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        Assert.False(await IsLinkedAsync());
    }

    [Fact]
    public async Task Without_the_password_the_page_leads_to_it()
    {
        await ArriveAsync();

        var answer = await _browser.GetAsync(Connect);

        Assert.Equal("/account/login", answer.Location!.AbsolutePath);
        Assert.Contains("prompt=login", answer.Location.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_older_than_five_minutes_proves_nothing()
    {
        await _browser.SignInAsync(_email);
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        await ArriveAsync();

        var answer = await _browser.GetAsync(Connect);

        Assert.Equal("/account/login", answer.Location!.AbsolutePath);
    }

    [Fact]
    public async Task A_sign_in_that_grows_old_on_the_page_proves_nothing()
    {
        await ArriveAsync();
        var page = await ProveAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(5));

        var answer = await _browser.PressAsync(page, "Connect");

        Assert.Equal("/account/login", answer.Location!.AbsolutePath);
        Assert.False(await IsLinkedAsync());
    }

    [Fact]
    public async Task Another_browser_has_nothing_to_connect()
    {
        await ArriveAsync();
        using var other = new Browser(server);
        await other.SignInAsync(_email);

        var answer = await other.GetAsync(Connect);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.False(await IsLinkedAsync());
    }

    [Fact]
    public async Task Another_account_may_not_take_the_login()
    {
        await server.AddAccountAsync("thief@example.org");
        await ArriveAsync();

        var page = await ProveAsync("thief@example.org");

        Assert.Contains("cannot be connected", page.Html, StringComparison.Ordinal);
        Assert.False(await IsLinkedAsync());
        await ProveAsync();
        Assert.Contains("Connect Google?", (await _browser.GetAsync(Connect)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_session_of_the_same_account_may_not_go_on()
    {
        await ArriveAsync();
        var page = await ProveAsync();
        await _browser.SignInAsync(_email);

        var answer = await _browser.PressAsync(page, "Connect");

        Assert.Contains("cannot be connected", answer.Html, StringComparison.Ordinal);
        Assert.False(await IsLinkedAsync());
    }

    [Fact]
    public async Task After_ten_minutes_one_begins_again()
    {
        await ArriveAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        await _browser.SignInAsync(_email);

        var answer = await _browser.GetAsync(Connect);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.False(await IsLinkedAsync());
    }

    [Fact]
    public async Task The_proof_works_once()
    {
        await ArriveAsync();
        var page = await ProveAsync();
        var cookie = _browser.Cookies["external"];
        await _browser.PressAsync(page, "Connect");
        await server.WithDbAsync(db =>
            db.UserLogins.Where(row => row.ProviderKey == _person.Subject).ExecuteDeleteAsync()
        );
        _browser.Cookies["external"] = cookie;

        var again = await _browser.PressAsync(page, "Connect");

        Assert.Contains("begin again", again.Html, StringComparison.Ordinal);
        Assert.False(await IsLinkedAsync());
    }

    [Fact]
    public async Task Of_eight_presses_at_once_one_connects()
    {
        await ArriveAsync();
        var page = await ProveAsync();
        var cookies = _browser.Cookies.ToList();
        var browsers = Enumerable.Range(0, 8).Select(_ => new Browser(server)).ToList();
        browsers.ForEach(browser => cookies.ForEach(browser.Cookies.Add));

        var answers = await Task.WhenAll(browsers.Select(browser => browser.PressAsync(page, "Connect")));

        browsers.ForEach(browser => browser.Dispose());
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Redirect);
        Assert.True(await IsLinkedAsync());
    }

    [Fact]
    public async Task An_address_that_is_not_verified_is_never_connected_not_even_by_its_owner()
    {
        server.Google.Person = _person with { Verified = false };
        await ArriveAsync();

        var page = await ProveAsync();

        Assert.Contains("cannot be connected", page.Html, StringComparison.Ordinal);
        Assert.False(await IsLinkedAsync());
        Assert.Contains("federation.link_refused", await EventsAsync());
    }

    [Fact]
    [Trait("Requirement", "C-61")]
    public async Task A_login_at_a_provider_proves_no_account_that_has_a_password()
    {
        await ArriveAsync();
        await _browser.PressAsync(await ProveAsync(), "Connect");
        using var browser = new Browser(server);
        await browser.SignInWithGoogleAsync();

        var answer = await browser.PressAsync(await browser.GetAsync("account/logins"), "Connect Google");

        Assert.Equal("/account/login", answer.Location!.AbsolutePath);
    }

    private async Task ArriveAsync(string url = "account/login")
    {
        // Somebody who is signed in sees the buttons too.
        Assert.True((await _browser.SignInWithGoogleAsync(url)).IsAskedForMore());
    }

    // The next page after the password.
    private async Task<Page> ProveAsync(string? email = null) =>
        await _browser.FollowAsync(
            await _browser.SignInAsync(
                email ?? _email,
                url: "account/login?returnUrl=%2Faccount%2Fexternal%2Fconnect"
            )
        );

    private Task<bool> IsLinkedAsync() =>
        server.WithDbAsync(db => db.UserLogins.AnyAsync(row => row.ProviderKey == _person.Subject));

    private async Task<List<string>> EventsAsync()
    {
        var account = await server.FindAccountAsync(_email);
        return await server.WithDbAsync(db =>
            db.Audit.Where(row => row.AccountId == account.Id).Select(row => row.Event).ToListAsync()
        );
    }
}
