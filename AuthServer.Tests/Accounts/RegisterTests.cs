using System.Net;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts;

public sealed class RegisterTests(Server server) : IClassFixture<Server>, IDisposable
{
    private readonly Browser _browser = new(server);

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task A_new_person_is_led_to_the_sign_in_page_and_signs_in()
    {
        var answer = await _browser.RegisterAsync(
            "page@example.org",
            url: "account/register?returnUrl=%2Fhealth%2Flive"
        );

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.False(_browser.Cookies.ContainsKey("session"));
        var login = await _browser.FollowAsync(answer);
        Assert.Contains("Your account is ready", login.Html, StringComparison.Ordinal);
        var signedIn = await _browser.PressAsync(
            login,
            "Sign in",
            ("Email", "page@example.org"),
            ("Password", "Correct-Horse-7-Battery")
        );
        Assert.Equal("/health/live", signedIn.Location!.PathAndQuery);
    }

    [Fact]
    public async Task Every_invalid_field_is_told_at_once_and_the_password_is_not_shown()
    {
        var answer = await _browser.RegisterAsync("nobody", "Password1234!", "<b>");

        Assert.Contains("such as ada@example.org", answer.Html, StringComparison.Ordinal);
        Assert.Contains("harder to guess", answer.Html, StringComparison.Ordinal);
        Assert.Contains("Use only letters", answer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Password1234!", answer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", answer.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-52")]
    public async Task A_known_address_gets_the_same_next_step()
    {
        var first = await _browser.RegisterAsync("twice@example.org");

        var second = await _browser.RegisterAsync("Twice@example.org");

        Assert.Equal(first.Status, second.Status);
        Assert.Equal(first.Location, second.Location);
        Assert.Equal(first.Html, second.Html);
        Assert.Equal(first.Headers.Select(header => header.Key), second.Headers.Select(header => header.Key));
    }

    [Fact]
    [Trait("Requirement", "C-66")]
    public async Task Fields_beside_those_of_the_form_have_no_effect()
    {
        var page = await _browser.GetAsync("account/register");
        (string, string)[] form =
        [
            ("Email", "form@example.org"),
            ("Password", "Correct-Horse-7-Battery"),
            ("Name", "Ada"),
            .. Overposting.Fields.Select(field => (field.Key, field.Value)),
        ];

        var answer = await _browser.PressAsync(page, "Create account", form);

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        var account = await server.WithDbAsync(db =>
            db.Users.AsNoTracking().SingleAsync(user => user.NormalizedEmail == "FORM@EXAMPLE.ORG")
        );
        Assert.Equal(("form@example.org", "Ada"), (account.UserName, account.Name));
        Assert.False(account.EmailConfirmed || account.PhoneNumberConfirmed || account.TwoFactorEnabled);
        Assert.Null(account.LockoutEnd);
        Assert.Null(account.DisabledAt);
        Assert.Null(account.PhoneNumber);
        Assert.Equal(0, account.AccessFailedCount);
        Assert.DoesNotContain(
            "planted",
            account.SecurityStamp + account.ConcurrencyStamp,
            StringComparison.Ordinal
        );
        Assert.NotEqual(Overposting.Fields["Id"], account.Id);
        Assert.Equal(server.Clock.GetUtcNow().Year, account.CreatedAt.Year);
        Assert.False(
            await server.WithDbAsync(db => db.UserClaims.AnyAsync(claim => claim.UserId == account.Id))
        );
    }

    [Fact]
    [Trait("Requirement", "C-70")]
    public async Task Without_the_token_of_its_form_nothing_is_registered()
    {
        var answer = await _browser.PostAsync(
            "account/register",
            ("Email", "forged@example.org"),
            ("Password", "Correct-Horse-7-Battery"),
            ("Name", "Ada")
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.False(
            await server.WithDbAsync(db =>
                db.Users.AnyAsync(user => user.NormalizedEmail == "FORGED@EXAMPLE.ORG")
            )
        );
    }

    [Fact]
    [Trait("Requirement", "C-50")]
    public async Task The_page_lets_a_password_manager_help()
    {
        var page = await _browser.GetAsync("account/register");

        Assert.Contains("autocomplete=\"new-password\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("autocomplete=\"username\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("onpaste", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("maxlength", page.Html, StringComparison.OrdinalIgnoreCase);
    }
}
