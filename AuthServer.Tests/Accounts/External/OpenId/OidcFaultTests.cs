using System.Diagnostics;
using System.Net;
using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Client;

namespace AuthServer.Tests.Accounts.External.OpenId;

public sealed class OidcFaultTests(OidcServer server) : IClassFixture<OidcServer>, IDisposable
{
    private readonly Browser _browser = new(server);

    public void Dispose()
    {
        server.Issuer.Fault = GoogleFault.None;
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
    [InlineData(GoogleFault.TokenRefused)]
    [Trait("Requirement", "C-77")]
    public async Task A_token_that_is_not_right_in_every_way_opens_nothing(GoogleFault fault)
    {
        var answer = await ReturnAsync(fault, GooglePerson.New());

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        await AssertNothingHappenedAsync(answer);
    }

    [Fact]
    [Trait("Requirement", "C-77")]
    public async Task Userinfo_about_somebody_else_is_refused()
    {
        var answer = await ReturnAsync(
            GoogleFault.OtherSubjectInUserInfo,
            GooglePerson.New() with
            {
                Email = null,
            }
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        await AssertNothingHappenedAsync(answer);
    }

    [Theory]
    [InlineData("true")]
    [InlineData(1)]
    [InlineData(null)]
    [InlineData(false)]
    [Trait("Requirement", "C-77")]
    public async Task An_address_is_verified_by_the_JSON_value_true_and_by_nothing_else(object? verified)
    {
        var person = GooglePerson.New() with { Verified = verified };
        var arrived = await ReturnAsync(GoogleFault.None, person);

        var answer = await _browser.FollowAsync(arrived);

        Assert.True(answer.IsAskedForMore());
        Assert.False(
            await server.WithDbAsync(db => db.Users.AnyAsync(account => account.Email == person.Email))
        );
    }

    [Fact]
    [Trait("Requirement", "C-77")]
    public async Task Address_and_flag_are_taken_from_the_ID_token_when_it_tells_an_address()
    {
        var person = GooglePerson.New();

        await _browser.FollowAsync(await ReturnAsync(GoogleFault.None, person));

        var page = await _browser.GetAsync("account/login");
        Assert.Contains(person.Email!, page.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-77")]
    public async Task Address_and_flag_are_taken_from_userinfo_when_the_ID_token_tells_none()
    {
        var person = GooglePerson.New() with { Email = null, Verified = false };

        await _browser.FollowAsync(await ReturnAsync(GoogleFault.None, person));

        var page = await _browser.GetAsync("account/login");
        Assert.Contains("userinfo-says@example.org", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GoogleFault.Down)]
    [InlineData(GoogleFault.TokenIsNoJson)]
    [InlineData(GoogleFault.TokenIsHuge)]
    [InlineData(GoogleFault.UserInfoIsHuge)]
    [InlineData(GoogleFault.UserInfoFails)]
    [InlineData(GoogleFault.TokenDripsSlowly)]
    [InlineData(GoogleFault.TokenRedirects)]
    [Trait("Requirement", "C-79")]
    public async Task An_issuer_that_is_down_slow_or_endless_costs_little_and_ends_on_the_error_page(
        GoogleFault fault
    )
    {
        var patience = Stopwatch.StartNew();

        var answer = await ReturnAsync(fault, GooglePerson.New() with { Email = null });

        // Five seconds for all calls together; the rest is for a busy machine.
        Assert.InRange(patience.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(0, server.Issuer.Redirected);
        await AssertNothingHappenedAsync(answer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "C-78")]
    public async Task A_callback_that_was_used_before_opens_nothing_more(bool withTheCookiesOfThen)
    {
        var callback = await CallbackAsync();
        var then = _browser.Cookies.ToList();
        await _browser.GetAsync(callback);
        _browser.Cookies.Clear();
        then.ForEach(cookie =>
        {
            if (withTheCookiesOfThen)
            {
                _browser.Cookies.Add(cookie);
            }
        });

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
    [InlineData("/")]
    [InlineData("?code=x")]
    [InlineData("?code=x&state=y")]
    [InlineData("?error=access_denied")]
    [InlineData("?error=%3Cscript%3E&error_description=%3Cscript%3E&state=z")]
    [InlineData("?sub=1&email=demo%40example.com&email_verified=true")]
    [Trait("Requirement", "C-78")]
    public async Task A_callback_that_nobody_asked_for_opens_nothing(string rest)
    {
        var answer = await _browser.GetAsync(OidcServer.Callback + rest);
        var posted = await _browser.PostAsync(OidcServer.Callback + rest, ("code", "x"), ("state", "y"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(HttpStatusCode.BadRequest, posted.Status);
        Assert.DoesNotContain("<script>", answer.Html, StringComparison.Ordinal);
        await AssertNothingHappenedAsync(answer);
    }

    [Fact]
    [Trait("Requirement", "C-78")]
    public async Task What_stands_in_the_query_of_a_good_callback_is_nobodys_identity()
    {
        server.Issuer.Person = GooglePerson.New();
        var callback = $"{await CallbackAsync()}&sub=demo&email=demo%40example.com&email_verified=true";

        await _browser.FollowAsync(await _browser.GetAsync(callback));

        var page = await _browser.GetAsync("account/login");
        Assert.Contains(server.Issuer.Person.Email!, page.Html, StringComparison.Ordinal);
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
    public async Task Whoever_cancels_there_is_told_so()
    {
        var callback = await CallbackAsync();
        var state = callback
            .Split('?')[1]
            .Split('&')
            .Single(p => p.StartsWith("state=", StringComparison.Ordinal));

        var answer = await _browser.GetAsync($"{OidcServer.Callback}?error=access_denied&{state}");

        Assert.Contains("You have cancelled", answer.Html, StringComparison.Ordinal);
        await AssertNothingHappenedAsync(answer);
    }

    [Fact]
    [Trait("Requirement", "C-77")]
    public async Task The_issuer_is_asked_as_the_standards_want()
    {
        await CallbackAsync();

        var asked = server.Issuer.LastRequest;
        Assert.Equal("S256", asked["code_challenge_method"]);
        Assert.Equal(43, asked["nonce"].Length);
        Assert.Equal($"{server.Address}{OidcServer.Callback}", asked["redirect_uri"]);
        Assert.Equal("email openid profile", string.Join(' ', asked["scope"].Split(' ').Order()));
        Assert.NotEqual("form_post", asked.GetValueOrDefault("response_mode"));
    }

    [Fact]
    [Trait("Requirement", "C-68")]
    public async Task The_cookies_of_the_way_are_out_of_reach_of_scripts_and_gone_after_it()
    {
        server.Issuer.Person = GooglePerson.New();
        var pressed = await _browser.PressAsync(await _browser.GetAsync("account/login"), OidcServer.Button);
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

    private async Task<Page> ReturnAsync(GoogleFault fault, GooglePerson person)
    {
        server.Issuer.Person = person;
        server.Issuer.Fault = fault;
        return await _browser.GetAsync(await CallbackAsync());
    }

    private Task<string> CallbackAsync() => OidcServer.CallbackAsync(_browser);

    private async Task AssertNothingHappenedAsync(Page answer)
    {
        Assert.Contains("<dt>Reference</dt>", answer.Html, StringComparison.Ordinal);
        Assert.Contains("href=\"/account/login\"", answer.Html, StringComparison.Ordinal);
        Assert.False(await _browser.IsSignedInAsync());
        Assert.DoesNotContain("external", _browser.Cookies.Keys);
    }
}

/// <summary>Each with a server of its own, because one that has the metadata keeps them.</summary>
public sealed class OidcMetadataTests : IAsyncLifetime
{
    private readonly OidcServer _server = new();

    public Task InitializeAsync() => ((IAsyncLifetime)_server).InitializeAsync();

    public Task DisposeAsync() => ((IAsyncLifetime)_server).DisposeAsync();

    [Theory]
    [InlineData(GoogleFault.MetadataRedirect)]
    [InlineData(GoogleFault.MetadataAreHuge)]
    [InlineData(GoogleFault.MetadataAreOfAnother)]
    [InlineData(GoogleFault.MetadataDripSlowly)]
    [InlineData(GoogleFault.KeysAreDown)]
    [Trait("Requirement", "C-79")]
    public async Task Without_sound_metadata_nobody_is_sent_there_and_the_page_for_sign_in_stays_up(
        GoogleFault fault
    )
    {
        using var browser = new Browser(_server);
        _server.Issuer.Fault = fault;
        var page = await browser.GetAsync("account/login");

        var pressed = await browser.PressAsync(page, OidcServer.Button);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, pressed.Status);
        Assert.Contains("<dt>Reference</dt>", pressed.Html, StringComparison.Ordinal);
        Assert.Equal(0, _server.Issuer.Redirected);
    }
}

/// <summary>Without a provider in the configuration.</summary>
public sealed class NoProviderTests(Server server) : IClassFixture<Server>
{
    [Theory]
    [InlineData("github")]
    [InlineData("microsoft")]
    [InlineData("apple")]
    [InlineData("example-corp")]
    [Trait("Requirement", "C-78")]
    public async Task There_is_no_button_no_callback_and_no_engine(string provider)
    {
        using var browser = new Browser(server);

        var page = await browser.GetAsync("account/login");
        var callback = await browser.GetAsync($"account/external/callback/{provider}?code=x&state=y");

        Assert.DoesNotContain("Continue with", page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, callback.Status);
        Assert.Null(server.Services.GetService<OpenIddictClientService>());
    }
}
