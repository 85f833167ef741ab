using System.Net;
using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts.External.OpenId;

public sealed class ProvidersTests(ProvidersServer server) : IClassFixture<ProvidersServer>, IDisposable
{
    private const string Tenant =
        "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";

    private readonly Browser _browser = new(server);

    public void Dispose() => _browser.Dispose();

    [Fact]
    [Trait("Requirement", "C-75")]
    public async Task At_GitHub_somebody_is_their_number_and_the_primary_address_that_it_has_verified()
    {
        server.GitHub.User = new
        {
            id = 583231,
            login = "ada",
            email = "public@example.org",
        };
        server.GitHub.Emails = Addresses("ada@github.example.org", verified: true);

        await SignInAsync("GitHub");

        Assert.True(await _browser.IsSignedInAsync());
        Assert.Equal("user:email", server.GitHub.LastScope);
        Assert.Equal(("https://github.com", "583231"), await LoginOfAsync("ada@github.example.org"));
    }

    [Fact]
    [Trait("Requirement", "C-76")]
    public async Task An_address_that_GitHub_has_not_verified_or_does_not_show_makes_no_account()
    {
        server.GitHub.User = new
        {
            id = 583232,
            login = "eve",
            email = "demo@example.com",
        };
        server.GitHub.Emails = Addresses("eve@github.example.org", verified: false);
        var unverified = await SignInAsync("GitHub");
        server.GitHub.Emails = null;

        using var browser = new Browser(server);
        var hidden = await SignInAsync("GitHub", browser);

        Assert.True(unverified.IsAskedForMore());
        Assert.True(hidden.IsAskedForMore());
        Assert.False(await _browser.IsSignedInAsync());
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-75")]
    public async Task A_number_of_GitHub_that_is_a_text_is_nobody()
    {
        server.GitHub.User = new { id = "583231" };

        var answer = await ReturnAsync("GitHub", _browser);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    [Trait("Requirement", "C-76")]
    public async Task Microsoft_vouches_for_a_person_of_a_tenant_and_never_for_an_address()
    {
        var person = GooglePerson.New() with { Verified = null };
        (server.Microsoft.Person, server.Microsoft.Issuer) = (person, Tenant);

        var answer = await SignInAsync("Microsoft");

        Assert.True(answer.IsAskedForMore());
        var waiting = await server.WithDbAsync(db =>
            db.PendingIdentities.SingleAsync(row => row.Subject == person.Subject)
        );
        Assert.Equal(
            (Tenant, "microsoft", false),
            (waiting.Issuer, waiting.Provider, waiting.IsEmailVerified)
        );
    }

    [Theory]
    [InlineData("https://login.microsoftonline.com/common/v2.0")]
    [InlineData("https://login.microsoftonline.com/{tenantid}/v2.0")]
    [InlineData("https://evil.example/11111111-2222-3333-4444-555555555555/v2.0")]
    [InlineData("https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0/x")]
    [Trait("Requirement", "C-77")]
    public async Task A_token_that_is_not_of_a_tenant_of_Microsoft_opens_nothing(string issuer)
    {
        (server.Microsoft.Person, server.Microsoft.Issuer) = (GooglePerson.New(), issuer);

        var answer = await ReturnAsync("Microsoft", _browser);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    [Trait("Requirement", "C-75")]
    public async Task Apple_answers_by_a_form_of_its_own_site_and_its_person_gets_an_account()
    {
        var person = server.Apple.Person = GooglePerson.New();
        var asked = await _browser.PressAsync(
            await _browser.GetAsync("account/login"),
            "Continue with Apple"
        );
        var cookie = asked.Headers.GetValues("Set-Cookie").Single(c => c.Contains("external-state"));

        var form = await _browser.FollowAsync(asked);
        var arrived = await _browser.PressAsync(form, "Go on", ("user", """{"name":{"firstName":"Eve"}}"""));
        await _browser.FollowAsync(arrived);

        Assert.Contains("secure; samesite=none; httponly", cookie, StringComparison.Ordinal);
        Assert.Equal("form_post", server.Apple.LastRequest["response_mode"]);
        Assert.True(await _browser.IsSignedInAsync());
        Assert.Equal(("https://appleid.apple.com", person.Subject), await LoginOfAsync(person.Email!));
    }

    [Fact]
    [Trait("Requirement", "C-78")]
    public async Task A_form_of_another_site_that_nobody_asked_for_opens_nothing()
    {
        var answer = await _browser.PostAsync(
            "account/external/callback/apple",
            ("code", "x"),
            ("state", "y"),
            ("user", "{}")
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.False(await _browser.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-77")]
    public async Task An_answer_of_one_provider_opens_nothing_at_the_callback_of_another()
    {
        server.GitHub.User = new { id = 583233 };
        var pressed = await _browser.PressAsync(
            await _browser.GetAsync("account/login"),
            "Continue with GitHub"
        );
        var callback = (await _browser.FollowAsync(pressed)).Location!.ToString();

        var answer = await _browser.GetAsync(
            callback.Replace("callback/github", "callback/microsoft", StringComparison.Ordinal)
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.False(await _browser.IsSignedInAsync());
    }

    private static object[] Addresses(string primary, bool verified) =>
        [
            new
            {
                email = "other@example.org",
                primary = false,
                verified = true,
            },
            new
            {
                email = primary,
                primary = true,
                verified,
            },
        ];

    private async Task<Page> SignInAsync(string name, Browser? browser = null) =>
        await (browser ?? _browser).FollowAsync(await ReturnAsync(name, browser ?? _browser));

    private static async Task<Page> ReturnAsync(string name, Browser browser)
    {
        var pressed = await browser.PressAsync(
            await browser.GetAsync("account/login"),
            $"Continue with {name}"
        );
        return await browser.FollowAsync(await browser.FollowAsync(pressed));
    }

    private Task<(string, string)> LoginOfAsync(string email) =>
        server.WithDbAsync(async db =>
        {
            var account = await db.Users.SingleAsync(user => user.Email == email);
            var login = await db.UserLogins.SingleAsync(row => row.UserId == account.Id);
            return (login.LoginProvider, login.ProviderKey);
        });
}
