using System.Net;
using AuthServer.Tests.Accounts;
using AuthServer.Tests.Support;
using static AuthServer.Tests.Limits.Guesses;

namespace AuthServer.Tests.Limits;

[Trait("Requirement", "C-54")]
public sealed class TrustedDeviceTests : IAsyncLifetime
{
    private const string Owner = "owner@example.org";

    private readonly GuessServer _server = new();

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        await _server.AddAccountAsync(Owner);
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_owner_of_an_attacked_account_signs_in_where_they_did_before()
    {
        using var own = await KnownAsync(Owner);
        await AttackAsync();

        var answer = await own.SignInAsync(Owner);

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
    }

    [Fact]
    public async Task A_known_browser_may_fail_as_often_as_any_other_and_no_more()
    {
        using var own = await KnownAsync(Owner);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await own.SignInAsync(Owner, Wrong)).Status);
        }

        var answer = await own.SignInAsync(Owner);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Equal(HttpStatusCode.Redirect, (await _server.GuessAsync(Owner, Right)).Status);
    }

    [Fact]
    public async Task A_browser_that_knows_another_account_is_a_stranger()
    {
        await _server.AddAccountAsync("other@example.org");
        using var other = await KnownAsync("other@example.org");
        await AttackAsync();

        var answer = await other.SignInAsync(Owner);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
    }

    [Fact]
    public async Task A_cookie_that_was_tampered_with_is_worth_nothing()
    {
        using var own = await KnownAsync(Owner);
        var cookie = own.Cookies["device"];
        await AttackAsync();

        string[] forged =
        [
            cookie[..20] + (cookie[20] == 'A' ? 'B' : 'A') + cookie[21..],
            cookie[..^4],
            "garbage",
            "%00",
            "W10",
        ];
        foreach (var value in forged)
        {
            own.Cookies["device"] = value;
            Assert.Equal(HttpStatusCode.TooManyRequests, (await own.SignInAsync(Owner)).Status);
        }
    }

    [Fact]
    public async Task After_a_password_change_the_cookie_is_worth_nothing()
    {
        using var own = await KnownAsync(Owner);
        await AttackAsync();

        await _server.AddAccountAsync(Owner, account => account.SecurityStamp = "another");

        Assert.Equal(HttpStatusCode.TooManyRequests, (await own.SignInAsync(Owner)).Status);
    }

    [Fact]
    public async Task The_cookie_is_worth_nothing_after_90_days()
    {
        using var own = await KnownAsync(Owner);
        _server.Clock.Advance(TimeSpan.FromDays(90));
        await AttackAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await own.SignInAsync(Owner)).Status);
    }

    [Fact]
    public async Task One_browser_knows_the_five_accounts_that_were_there_last()
    {
        using var shared = new Browser(_server);
        for (var i = 0; i < 6; i++)
        {
            await _server.AddAccountAsync($"family{i}@example.org");
            await shared.SignInAsync($"family{i}@example.org");
            shared.Cookies.Remove("session");
        }

        await AttackAsync("family0@example.org");
        await AttackAsync("family1@example.org");

        Assert.Equal(
            HttpStatusCode.TooManyRequests,
            (await shared.SignInAsync("family0@example.org")).Status
        );
        Assert.Equal(HttpStatusCode.Redirect, (await shared.SignInAsync("family1@example.org")).Status);
        Assert.True(shared.Cookies["device"].Length < 2048);
    }

    [Fact]
    [Trait("Requirement", "C-68")]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        var answer = await _server.GuessAsync(Owner, Right);

        var cookie = answer
            .Headers.GetValues("Set-Cookie")
            .Single(value => value.StartsWith("device=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=7776000", cookie, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<Browser> KnownAsync(string email)
    {
        var browser = new Browser(_server);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SignInAsync(email)).Status);
        browser.Cookies.Remove("session");
        return browser;
    }

    // From elsewhere and from here, until the account is closed to strangers.
    private async Task AttackAsync(string email = Owner)
    {
        await _server.FailAsync(5, email);
        for (var i = 0; i < 3; i++)
        {
            await _server.FailAsync(5, email, $"127.0.0.{10 + i}");
        }
    }
}
