using System.Net;
using System.Text.RegularExpressions;
using AuthServer.Accounts;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.Tests.Accounts;

public sealed class LoginTests(ConfirmingServer server) : IClassFixture<ConfirmingServer>, IDisposable
{
    private const string Password = "Correct-Horse-7-Battery";

    private readonly Browser _browser = new(server);

    public void Dispose() => _browser.Dispose();

    [Fact]
    [Trait("Requirement", "C-51")]
    public async Task Unknown_wrong_locked_disabled_unconfirmed_and_broken_get_the_same_answer()
    {
        await AddAsync("wrong@example.org");
        await AddAsync(
            "locked@example.org",
            account => account.LockoutEnd = server.Clock.GetUtcNow().AddHours(1)
        );
        await AddAsync(
            "disabled@example.org",
            account => account.DisabledAt = server.Clock.GetUtcNow().UtcDateTime
        );
        await AddAsync("unconfirmed@example.org", account => account.EmailConfirmed = false);
        await AddAsync("broken@example.org", account => account.PasswordHash = "bcrypt-1:$2a$");
        await AddAsync("passwordless@example.org", account => account.PasswordHash = null);
        await _browser.GetAsync("account/login");

        var unknown = await AttemptAsync("unknown@example.org");

        Assert.Contains("That did not work", unknown, StringComparison.Ordinal);
        Assert.Equal(unknown, await AttemptAsync("wrong@example.org", "Wrong-Horse-7-Battery"));
        Assert.Equal(unknown, await AttemptAsync("locked@example.org"));
        Assert.Equal(unknown, await AttemptAsync("disabled@example.org"));
        Assert.Equal(unknown, await AttemptAsync("unconfirmed@example.org"));
        Assert.Equal(unknown, await AttemptAsync("broken@example.org"));
        Assert.Equal(unknown, await AttemptAsync("passwordless@example.org", ""));
        Assert.Equal(unknown, await AttemptAsync("not an address"));
    }

    [Fact]
    public async Task A_lock_that_is_over_locks_nobody_out()
    {
        await AddAsync(
            "unlocked@example.org",
            account => account.LockoutEnd = server.Clock.GetUtcNow().AddSeconds(-1)
        );

        await _browser.SignInAsync("unlocked@example.org");

        Assert.True(await _browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("ADA.LOVELACE@EXAMPLE.ORG")]
    [InlineData(" ada.lovelace@example.org ")]
    public async Task The_address_may_be_typed_in_any_case(string typed)
    {
        await AddAsync("ada.lovelace@example.org");

        await _browser.SignInAsync(typed);

        Assert.True(await _browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData(
        "/connect/authorize?client_id=spa&scope=openid",
        "/connect/authorize?client_id=spa&scope=openid"
    )]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("\t//evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("/\r\nLocation: http://evil.example", "/")]
    [InlineData("https:evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("/é", "/")]
    [Trait("Requirement", "C-03")]
    public async Task Sign_in_leads_back_to_this_server_only(string returnUrl, string expected)
    {
        var answer = await _browser.SignInAsync(
            url: $"account/login?returnUrl={Uri.EscapeDataString(returnUrl)}"
        );

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.Equal(expected, answer.Headers.Location!.OriginalString);
    }

    [Fact]
    [Trait("Requirement", "C-67")]
    public async Task Every_sign_in_has_a_session_of_its_own_and_ends_the_one_before()
    {
        await _browser.SignInAsync();
        var first = _browser.Cookies["session"];

        await _browser.SignInAsync();

        Assert.NotEqual(first, _browser.Cookies["session"]);
        Assert.True(await _browser.IsSignedInAsync());
        using var thief = new Browser(server);
        thief.Cookies["session"] = first;
        Assert.False(await thief.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-67")]
    public async Task A_planted_session_cookie_is_not_taken_over()
    {
        _browser.Cookies["session"] = "planted";

        await _browser.SignInAsync();

        Assert.NotEqual("planted", _browser.Cookies["session"]);
        Assert.True(await _browser.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-70")]
    public async Task Without_the_token_of_its_form_nobody_is_signed_in()
    {
        var answer = await _browser.PostAsync(
            "account/login",
            ("Email", "demo@example.com"),
            ("Password", Password)
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.False(_browser.Cookies.ContainsKey("session"));
    }

    [Fact]
    [Trait("Requirement", "C-70")]
    public async Task Credentials_in_the_query_sign_nobody_in()
    {
        var query = $"account/login?Email=demo%40example.com&Password={Password}";
        var page = await _browser.GetAsync(query);

        await _browser.PressAsync(page, "Sign in");

        Assert.DoesNotContain("demo@example.com", page.Html, StringComparison.Ordinal);
        Assert.False(await _browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Somebody_who_is_signed_in_may_continue_or_take_another_account()
    {
        await AddAsync("other@example.org");
        await _browser.SignInAsync();
        var page = await _browser.GetAsync(
            "account/login?prompt=select_account&returnUrl=%2Fnext%3Fa%3Db%26c%3Dd"
        );

        var continued = await _browser.PressAsync(page, "Continue");
        var changed = await _browser.PressAsync(
            page,
            "Sign in",
            ("Email", "other@example.org"),
            ("Password", Password)
        );

        Assert.Equal("/next?a=b&c=d", continued.Location!.PathAndQuery);
        Assert.Equal("/next?a=b&c=d", changed.Location!.PathAndQuery);
        var after = await _browser.GetAsync("account/login");
        Assert.Contains("other@example.org", after.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_login_asks_for_the_password_again()
    {
        await _browser.SignInAsync();

        var page = await _browser.GetAsync("account/login?prompt=login%20consent&returnUrl=%2Fnext");

        Assert.DoesNotContain("Continue", page.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"demo@example.com\"", page.Html, StringComparison.Ordinal);
        var answer = await _browser.PressAsync(page, "Sign in", ("Password", Password));
        Assert.Equal("/next", answer.Location!.AbsolutePath);
    }

    [Fact]
    public async Task A_login_hint_fills_in_the_address_as_text()
    {
        var page = await _browser.GetAsync("account/login?login_hint=%22%3E%3Cb%3E%40example.org");

        Assert.Contains("value=\"&quot;&gt;&lt;b&gt;@example.org\"", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-46")]
    public async Task A_cheap_hash_is_made_anew_at_sign_in()
    {
        var secrets = server.Services.GetRequiredService<ServerSecrets>();
        var dear = new BcryptPasswordHasher(secrets, Options.Create(new PasswordsOptions { BcryptCost = 6 }));
        var cheap = new BcryptPasswordHasher(
            secrets,
            Options.Create(new PasswordsOptions { BcryptCost = 4 })
        );
        await AddAsync(
            "cheap@example.org",
            account => account.PasswordHash = cheap.HashPassword(account, Password)
        );
        await AddAsync(
            "dear@example.org",
            account => account.PasswordHash = dear.HashPassword(account, Password)
        );

        await _browser.SignInAsync("cheap@example.org");
        await _browser.SignInAsync("dear@example.org");

        Assert.StartsWith("bcrypt-1:$2a$05$", await HashAsync("CHEAP@EXAMPLE.ORG"), StringComparison.Ordinal);
        Assert.StartsWith("bcrypt-1:$2a$06$", await HashAsync("DEAR@EXAMPLE.ORG"), StringComparison.Ordinal);
        await _browser.SignInAsync("cheap@example.org");
        Assert.True(await _browser.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-86")]
    public async Task Successes_and_failures_are_recorded_without_what_was_typed()
    {
        var account = await AddAsync("audited@example.org");
        await _browser.SignInAsync("audited@example.org", "Typed-Secret-7-Horse");
        await _browser.SignInAsync("Typed-Secret-7-Horse");
        await _browser.SignInAsync("audited@example.org");

        var entries = await server.WithDbAsync(db => db.Audit.AsNoTracking().ToListAsync());

        var own = entries
            .Where(entry => entry.Event == "auth.login" && entry.AccountId == account.Id)
            .ToList();
        Assert.Equal([false, true], own.Select(entry => entry.Succeeded));
        Assert.Equal("wrong password", own[0].Reason);
        Assert.DoesNotContain(
            entries,
            entry => $"{entry.Reason}{entry.AccountId}".Contains("Secret", StringComparison.Ordinal)
        );
    }

    private async Task<string> AttemptAsync(string email, string password = Password)
    {
        var answer = await _browser.SignInAsync(email, password);
        Assert.False(_browser.Cookies.ContainsKey("session"));
        var text = Regex.Replace(answer.Html, "value=\"[^\"]*\"", "", RegexOptions.NonBacktracking);
        var headers = answer.Headers.Where(header => header.Key != "Date");
        return $"{answer.Status} {string.Join(' ', headers.Select(header => $"{header.Key}={string.Join(',', header.Value)}"))} {text}";
    }

    private Task<string?> HashAsync(string canonical) =>
        server.WithDbAsync(db =>
            db.Users.Where(user => user.NormalizedEmail == canonical)
                .Select(user => user.PasswordHash)
                .SingleAsync()
        );

    private Task<Account> AddAsync(string email, Action<Account>? change = null) =>
        server.AddAccountAsync(email, change);
}
