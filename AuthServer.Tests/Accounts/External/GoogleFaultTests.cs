using System.Diagnostics;
using System.Net;
using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts.External;

public sealed class GoogleFaultTests(GoogleServer server) : IClassFixture<GoogleServer>, IDisposable
{
    private readonly Browser _browser = new(server);

    public void Dispose()
    {
        server.Google.Fault = GoogleFault.None;
        _browser.Dispose();
    }

    [Theory]
    [InlineData(GoogleFault.WrongAudience)]
    [InlineData(GoogleFault.SecondAudience)]
    [InlineData(GoogleFault.WrongAuthorizedParty)]
    [InlineData(GoogleFault.WrongNonce)]
    [InlineData(GoogleFault.NoNonce)]
    [InlineData(GoogleFault.Expired)]
    [InlineData(GoogleFault.NoExpiry)]
    [InlineData(GoogleFault.MadeTomorrow)]
    [InlineData(GoogleFault.MadeYesterday)]
    [InlineData(GoogleFault.OtherIssuer)]
    [InlineData(GoogleFault.NoSubject)]
    [InlineData(GoogleFault.BadSignature)]
    [InlineData(GoogleFault.OtherKey)]
    [InlineData(GoogleFault.AlgNone)]
    [InlineData(GoogleFault.SignedWithClientSecret)]
    [InlineData(GoogleFault.NoIdToken)]
    [InlineData(GoogleFault.BrokenIdToken)]
    [InlineData(GoogleFault.OtherSubjectInUserInfo)]
    [InlineData(GoogleFault.TokenRefused)]
    [Trait("Requirement", "C-77")]
    public async Task A_token_that_is_not_right_in_every_way_opens_nothing(GoogleFault fault)
    {
        var answer = await ReturnAsync(fault);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        await AssertNothingHappenedAsync(answer);
    }

    [Fact]
    public async Task A_token_that_spells_its_issuer_without_the_scheme_is_of_the_same_issuer()
    {
        server.Google.Person = GooglePerson.New();
        await _browser.SignInWithGoogleAsync();

        server.Google.Fault = GoogleFault.IssuerWithoutScheme;
        using var again = new Browser(server);
        await again.SignInWithGoogleAsync();

        Assert.True(await again.IsSignedInAsync());
        Assert.Equal(
            "https://accounts.google.com",
            await server.WithDbAsync(db =>
                db.UserLogins.Where(row => row.ProviderKey == server.Google.Person.Subject)
                    .Select(row => row.LoginProvider)
                    .SingleAsync()
            )
        );
    }

    [Theory]
    [InlineData(GoogleFault.Down)]
    [InlineData(GoogleFault.TokenIsNoJson)]
    [InlineData(GoogleFault.TokenIsHuge)]
    [InlineData(GoogleFault.UserInfoIsHuge)]
    [InlineData(GoogleFault.UserInfoFails)]
    [InlineData(GoogleFault.TokenDripsSlowly)]
    [Trait("Requirement", "C-79")]
    public async Task A_Google_that_is_down_slow_or_endless_costs_little_and_ends_on_the_error_page(
        GoogleFault fault
    )
    {
        var patience = Stopwatch.StartNew();

        var answer = await ReturnAsync(fault);

        // Five seconds for all calls together; the rest is for a busy machine.
        Assert.InRange(patience.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        await AssertNothingHappenedAsync(answer);
    }

    [Fact]
    [Trait("Requirement", "C-79")]
    public async Task A_redirect_of_the_token_endpoint_is_not_followed()
    {
        var answer = await ReturnAsync(GoogleFault.TokenRedirects);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(0, server.Google.Redirected);
        await AssertNothingHappenedAsync(answer);
    }

    [Fact]
    [Trait("Requirement", "C-78")]
    public async Task A_callback_that_was_used_before_opens_nothing_more()
    {
        var callback = await CallbackAsync();
        await _browser.GetAsync(callback);
        _browser.Cookies.Clear();

        var again = await _browser.GetAsync(callback);

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        await AssertNothingHappenedAsync(again);
    }

    [Fact]
    [Trait("Requirement", "C-78")]
    public async Task A_code_that_was_used_before_opens_nothing_even_with_the_cookies_of_then()
    {
        var callback = await CallbackAsync();
        var then = _browser.Cookies.ToList();
        await _browser.GetAsync(callback);
        _browser.Cookies.Clear();
        then.ForEach(_browser.Cookies.Add);

        var again = await _browser.GetAsync(callback);

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        await AssertNothingHappenedAsync(again);
    }

    [Fact]
    [Trait("Requirement", "C-77")]
    public async Task A_callback_in_another_browser_than_the_one_that_began_opens_nothing()
    {
        using var victim = new Browser(server);

        var answer = await victim.GetAsync(await CallbackAsync());

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.False(await victim.IsSignedInAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=x")]
    [InlineData("?code=x&state=y")]
    [InlineData("?error=access_denied")]
    [InlineData("?error=%3Cscript%3E&error_description=%3Cscript%3E&state=z")]
    [InlineData("?sub=1&email=demo%40example.com&email_verified=true")]
    [Trait("Requirement", "C-78")]
    public async Task A_callback_that_nobody_asked_for_opens_nothing(string query)
    {
        var answer = await _browser.GetAsync("account/external/google" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.DoesNotContain("<script>", answer.Html, StringComparison.Ordinal);
        await AssertNothingHappenedAsync(answer);
    }

    [Fact]
    [Trait("Requirement", "C-78")]
    public async Task What_stands_in_the_query_of_a_good_callback_is_nobodys_identity()
    {
        server.Google.Person = GooglePerson.New();
        var callback = $"{await CallbackAsync()}&sub=demo&email=demo%40example.com&email_verified=true";

        var arrived = await _browser.GetAsync(callback);
        await _browser.FollowAsync(arrived);

        var page = await _browser.GetAsync("account/login");
        Assert.Contains(server.Google.Person.Email!, page.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-78")]
    public async Task Whoever_took_longer_than_ten_minutes_begins_again()
    {
        var callback = await CallbackAsync();
        // The cookies of a browser end by its own clock; this one keeps them.
        server.Clock.Advance(TimeSpan.FromMinutes(11));

        var answer = await _browser.GetAsync(callback);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        await AssertNothingHappenedAsync(answer);
    }

    [Fact]
    public async Task Whoever_cancels_at_Google_is_told_so()
    {
        var callback = await CallbackAsync();
        var state = callback
            .Split('?')[1]
            .Split('&')
            .Single(p => p.StartsWith("state=", StringComparison.Ordinal));

        var answer = await _browser.GetAsync($"account/external/google?error=access_denied&{state}");

        Assert.Contains("You have cancelled", answer.Html, StringComparison.Ordinal);
        await AssertNothingHappenedAsync(answer);
    }

    [Fact]
    public async Task The_page_where_identities_arrive_refuses_whoever_brings_none()
    {
        var answer = await _browser.GetAsync("account/external?returnUrl=%2Fnext");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        await AssertNothingHappenedAsync(answer);
    }

    private async Task<Page> ReturnAsync(GoogleFault fault)
    {
        server.Google.Person = GooglePerson.New();
        server.Google.Fault = fault;
        return await _browser.ReturnFromGoogleAsync();
    }

    // The address to which Google sends the browser back.
    private async Task<string> CallbackAsync()
    {
        server.Google.Person = GooglePerson.New();
        var pressed = await _browser.PressAsync(
            await _browser.GetAsync("account/login"),
            GoogleVisits.Button
        );
        return (await _browser.FollowAsync(pressed)).Location!.ToString();
    }

    private async Task AssertNothingHappenedAsync(Page answer)
    {
        Assert.Contains("<dt>Reference</dt>", answer.Html, StringComparison.Ordinal);
        Assert.Contains("href=\"/account/login\"", answer.Html, StringComparison.Ordinal);
        Assert.False(await _browser.IsSignedInAsync());
        Assert.DoesNotContain("external", _browser.Cookies.Keys);
    }
}

/// <summary>Apart from the others, whose server knows the keys already.</summary>
public sealed class GoogleWithoutKeysTests(GoogleServer server) : IClassFixture<GoogleServer>
{
    [Fact]
    [Trait("Requirement", "C-79")]
    public async Task Without_keys_nobody_is_believed()
    {
        using var browser = new Browser(server);
        server.Google.Fault = GoogleFault.KeysAreDown;

        var answer = await browser.ReturnFromGoogleAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.False(await browser.IsSignedInAsync());
    }
}
