using System.Net;
using AuthServer.Data;
using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts.External;

public sealed class GoogleSignInTests(GoogleServer server) : IClassFixture<GoogleServer>, IDisposable
{
    private readonly Browser _browser = new(server);
    private GooglePerson _person = GooglePerson.New();

    public void Dispose() => _browser.Dispose();

    [Fact]
    [Trait("Requirement", "C-76")]
    public async Task Somebody_new_gets_an_account_that_is_confirmed_and_linked_and_has_no_password()
    {
        Arrive(_person with { Name = "Grace Hopper" });

        var answer = await _browser.SignInWithGoogleAsync("account/login?returnUrl=%2Fnext%3Fa%3Db");

        Assert.Equal("/next?a=b", answer.Location!.PathAndQuery);
        Assert.True(await _browser.IsSignedInAsync());
        var account = await AccountAsync(_person.Email!);
        Assert.Equal("Grace Hopper", account.Name);
        Assert.True(account.EmailConfirmed);
        Assert.Null(account.PasswordHash);
        var login = await server.WithDbAsync(db =>
            db.UserLogins.SingleAsync(row => row.UserId == account.Id)
        );
        Assert.Equal(
            ("https://accounts.google.com", _person.Subject),
            (login.LoginProvider, login.ProviderKey)
        );
        Assert.Equal(
            ["user.registered", "federation.linked", "federation.login", "session.start"],
            await server.WithDbAsync(db =>
                db.Audit.Where(row => row.AccountId == account.Id).Select(row => row.Event).ToListAsync()
            )
        );
    }

    [Fact]
    [Trait("Requirement", "C-75")]
    public async Task It_is_issuer_and_subject_that_sign_in_and_the_address_is_only_data()
    {
        var person = _person;
        Arrive(person);
        await _browser.SignInWithGoogleAsync();
        var account = await AccountAsync(person.Email!);

        using var later = new Browser(server);
        Arrive(person with { Email = "moved@example.org", Verified = false });
        await later.SignInWithGoogleAsync();

        var page = await later.GetAsync("account/login");
        Assert.Contains(person.Email!, page.Html, StringComparison.Ordinal);
        Assert.Equal(
            "moved@example.org",
            await server.WithDbAsync(db =>
                db.UserLogins.Where(row => row.UserId == account.Id)
                    .Select(row => row.ProviderDisplayName)
                    .SingleAsync()
            )
        );
        using var other = new Browser(server);
        Arrive(GooglePerson.New(person.Email));
        Assert.True((await other.SignInWithGoogleAsync()).IsAskedForMore());
        Assert.False(await other.IsSignedInAsync());
    }

    [Fact]
    public async Task A_client_gets_its_code_and_reads_fed_in_the_id_token()
    {
        Arrive(_person);
        var spa = RelyingParty.Spa(server);
        var start = await _browser.FollowAsync(await _browser.GetAsync(spa.AuthorizeUrl()));
        var pressed = await _browser.PressAsync(start, GoogleVisits.Button);
        var arrived = await _browser.FollowAsync(
            await _browser.FollowAsync(await _browser.FollowAsync(pressed))
        );

        var code = (await _browser.FollowAsync(arrived)).Callback(spa)["code"];

        var claims = Jwt.Payload((await spa.RedeemAsync(code))["id_token"]);
        Assert.Equal("fed", claims["amr"]!.AsArray().Single()!.GetValue<string>());
    }

    [Fact]
    public async Task Google_is_asked_as_the_standards_want()
    {
        Arrive(_person);

        await _browser.SignInWithGoogleAsync();

        var asked = server.Google.LastRequest;
        Assert.Equal("openid profile email", asked["scope"]);
        Assert.Equal("S256", asked["code_challenge_method"]);
        Assert.Equal("select_account", asked["prompt"]);
        Assert.Equal(43, asked["nonce"].Length);
        Assert.Equal($"{server.Address}account/external/google", asked["redirect_uri"]);
    }

    [Theory]
    [InlineData(null, "Grace Murray Hopper")]
    [InlineData("<b>Grace</b>", "Grace Murray Hopper")]
    [InlineData("G", "Grace Murray Hopper")]
    [InlineData("  Grace H.  ", "Grace H.")]
    public async Task A_name_that_breaks_our_rules_gives_way_to_one_from_the_address(
        string? name,
        string expected
    )
    {
        Arrive(_person with { Email = $"Grace.Murray_Hopper@{_person.Subject}.example.org", Name = name });

        await _browser.SignInWithGoogleAsync();

        Assert.Equal(expected, (await AccountAsync(server.Google.Person.Email!)).Name);
    }

    [Fact]
    public async Task A_name_and_an_address_without_letters_are_no_reason_to_stay_out()
    {
        Arrive(_person with { Email = $"007@{_person.Subject}.example.org", Name = "" });

        await _browser.SignInWithGoogleAsync();

        Assert.Equal("New user", (await AccountAsync(server.Google.Person.Email!)).Name);
    }

    [Fact]
    [Trait("Requirement", "C-76")]
    public async Task Two_callbacks_of_one_new_person_at_once_make_one_account()
    {
        Arrive(_person);
        var browsers = Enumerable.Range(0, 8).Select(_ => new Browser(server)).ToList();
        var arrived = await Task.WhenAll(browsers.Select(browser => browser.ReturnFromGoogleAsync()));

        var answers = await Task.WhenAll(browsers.Zip(arrived, (browser, page) => browser.FollowAsync(page)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Redirect, answer.Status));
        foreach (var browser in browsers)
        {
            Assert.True(await browser.IsSignedInAsync());
            browser.Dispose();
        }

        var account = await AccountAsync(_person.Email!);
        Assert.Equal(
            1,
            await server.WithDbAsync(db => db.UserLogins.CountAsync(row => row.UserId == account.Id))
        );
    }

    [Fact]
    [Trait("Requirement", "C-67")]
    public async Task Whoever_was_signed_in_before_in_this_browser_is_so_no_longer()
    {
        Arrive(_person);
        await _browser.SignInWithGoogleAsync();
        var first = _browser.Cookies["session"];

        await _browser.SignInWithGoogleAsync();

        using var thief = new Browser(server);
        thief.Cookies["session"] = first;
        Assert.NotEqual(first, _browser.Cookies["session"]);
        Assert.False(await thief.IsSignedInAsync());
    }

    [Fact]
    public async Task A_disabled_or_locked_account_does_not_get_in_and_is_told_no_more_than_anybody()
    {
        Arrive(_person);
        await _browser.SignInWithGoogleAsync();
        using var browser = new Browser(server);

        await server.AddAccountAsync(
            _person.Email!,
            account => account.DisabledAt = server.Clock.GetUtcNow().UtcDateTime
        );
        var disabled = await browser.SignInWithGoogleAsync();
        await server.AddAccountAsync(
            _person.Email!,
            account =>
            {
                account.DisabledAt = null;
                account.LockoutEnd = server.Clock.GetUtcNow().AddHours(1);
            }
        );
        var locked = await browser.SignInWithGoogleAsync();

        Assert.True(disabled.IsAskedForMore());
        Assert.True(locked.IsAskedForMore());
        Assert.False(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [Trait("Requirement", "C-03")]
    public async Task The_way_by_Google_leads_back_to_this_server_only(string returnUrl)
    {
        Arrive(_person);
        var page = await _browser.GetAsync("account/login");
        var pressed = await _browser.PressAsync(page, GoogleVisits.Button, ("returnUrl", returnUrl));
        var arrived = await _browser.FollowAsync(await _browser.FollowAsync(pressed));

        var direct = await _browser.GetAsync($"account/external?returnUrl={Uri.EscapeDataString(returnUrl)}");

        Assert.Equal("/account/external", arrived.Location!.PathAndQuery);
        Assert.Equal("/", direct.Location!.PathAndQuery);
    }

    [Fact]
    [Trait("Requirement", "C-70")]
    public async Task Nobody_is_sent_to_Google_by_a_form_of_somebody_else()
    {
        var forged = await _browser.PostAsync("account/external/start", ("provider", "google"));
        var opened = await _browser.GetAsync("account/external/start?provider=google");

        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        Assert.Equal("/account/login", opened.Location!.AbsolutePath);
    }

    [Fact]
    [Trait("Requirement", "C-68")]
    public async Task The_cookies_of_the_way_are_out_of_reach_of_scripts_and_gone_after_it()
    {
        Arrive(_person);
        var pressed = await _browser.PressAsync(
            await _browser.GetAsync("account/login"),
            GoogleVisits.Button
        );
        var returned = await _browser.FollowAsync(await _browser.FollowAsync(pressed));

        Assert.All(
            pressed.Headers.GetValues("Set-Cookie").Concat(returned.Headers.GetValues("Set-Cookie")),
            cookie => Assert.Matches("path=/; .*samesite=lax; httponly", cookie)
        );
        await _browser.FollowAsync(returned);
        Assert.DoesNotContain(
            _browser.Cookies.Keys,
            name => name.StartsWith("external", StringComparison.Ordinal)
        );
    }

    private void Arrive(GooglePerson person)
    {
        _person = person;
        server.Google.Person = person;
        server.Google.Fault = GoogleFault.None;
    }

    private Task<Account> AccountAsync(string email) => server.FindAccountAsync(email);
}

/// <summary>Without a client id in the configuration.</summary>
public sealed class NoGoogleTests(Server server) : IClassFixture<Server>
{
    [Fact]
    [Trait("Requirement", "C-78")]
    public async Task There_is_no_button_and_no_callback()
    {
        using var browser = new Browser(server);

        var page = await browser.GetAsync("account/login");
        var callback = await browser.GetAsync("account/external/google?code=x&state=y");

        Assert.DoesNotContain("Google", page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, callback.Status);
    }
}
