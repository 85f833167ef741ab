using System.Net;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts;

public sealed class LogoutTests(Server server) : IClassFixture<Server>, IDisposable
{
    private readonly Browser _browser = new(server);

    public void Dispose() => _browser.Dispose();

    [Fact]
    [Trait("Requirement", "C-69")]
    public async Task A_cookie_is_worth_nothing_after_sign_out()
    {
        await _browser.SignInAsync();
        var cookie = _browser.Cookies["session"];

        var answer = await _browser.PressAsync(await _browser.GetAsync("account/logout"), "Sign out");

        Assert.Contains(
            "You are signed out",
            (await _browser.FollowAsync(answer)).Html,
            StringComparison.Ordinal
        );
        Assert.False(_browser.Cookies.ContainsKey("session"));
        _browser.Cookies["session"] = cookie;
        Assert.False(await _browser.IsSignedInAsync());
        var events = await server.WithDbAsync(db => db.Audit.Select(entry => entry.Event).ToListAsync());
        Assert.Contains("auth.logout", events);
    }

    [Fact]
    [Trait("Requirement", "C-70")]
    public async Task Neither_opening_the_page_nor_a_forged_form_signs_anybody_out()
    {
        await _browser.SignInAsync();

        await _browser.GetAsync("account/logout");
        var forged = await _browser.PostAsync("account/logout");

        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        Assert.True(await _browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Somebody_who_is_not_signed_in_is_told_so()
    {
        var page = await _browser.GetAsync("account/logout");

        Assert.Contains("You are not signed in", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-69")]
    public async Task A_session_unused_for_a_day_is_over()
    {
        await _browser.SignInAsync();
        server.Clock.Advance(TimeSpan.FromHours(23));
        Assert.True(await _browser.IsSignedInAsync());
        server.Clock.Advance(TimeSpan.FromHours(23));
        Assert.True(await _browser.IsSignedInAsync());

        server.Clock.Advance(TimeSpan.FromHours(25));

        Assert.False(await _browser.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-69")]
    public async Task A_session_in_daily_use_is_over_after_two_weeks()
    {
        await _browser.SignInAsync();
        for (var day = 1; day <= 14; day++)
        {
            server.Clock.Advance(TimeSpan.FromHours(23));
            Assert.True(await _browser.IsSignedInAsync());
        }

        server.Clock.Advance(TimeSpan.FromHours(15));

        Assert.False(await _browser.IsSignedInAsync());
    }
}
