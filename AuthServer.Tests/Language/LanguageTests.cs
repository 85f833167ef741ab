using System.Text.Json;
using AuthServer.Language;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Language;

/// <summary>Which language a page, a letter and an error speak.</summary>
public class LanguageTests(Server server) : IClassFixture<Server>
{
    [Theory]
    [InlineData("de", "Anmelden")]
    [InlineData("de-AT,de;q=0.9,en;q=0.8", "Anmelden")]
    [InlineData("tlh, en;q=0.5", "Sign in")]
    [InlineData("tlh", "Sign in")]
    [InlineData("", "Sign in")]
    public async Task A_page_speaks_the_language_of_the_browser(string asked, string heading)
    {
        using var browser = new Browser(server) { Languages = asked };

        var page = await browser.GetAsync("account/login");

        Assert.Contains($"<h1>{heading}</h1>", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_names_its_language()
    {
        using var browser = new Browser(server) { Languages = "de-CH" };

        var page = await browser.GetAsync("account/login");

        Assert.Contains("<html lang=\"de\">", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_languages_that_a_client_asks_for_come_before_those_of_the_browser()
    {
        var client = RelyingParty.Spa(server);
        using var browser = new Browser(server) { Languages = "en" };

        var login = await browser.FollowAsync(
            await browser.GetAsync(client.AuthorizeUrl(("ui_locales", "tlh de")))
        );
        var register = await browser.GetAsync(login.LinkTo("account/register"));

        Assert.Contains("<h1>Anmelden</h1>", login.Html, StringComparison.Ordinal);
        Assert.Contains("<h1>Konto anlegen</h1>", register.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_keeps_the_language_in_which_it_was_made()
    {
        using var browser = new Browser(server) { Languages = "de" };
        await browser.RegisterAsync("sprache@example.org", button: "Konto anlegen");
        await browser.SignInAsync("sprache@example.org", button: "Anmelden");

        browser.Languages = "en";
        var page = await browser.GetAsync("account/login");

        Assert.Contains("Sie sind als", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Sign in")]
    [InlineData("tlh", "Anmelden")]
    public async Task The_languages_that_a_client_asks_for_come_before_that_of_the_account(
        string asked,
        string heading
    )
    {
        var email = $"sprachen-{asked}@example.org";
        using var browser = new Browser(server) { Languages = "de" };
        await browser.RegisterAsync(email, button: "Konto anlegen");
        await browser.SignInAsync(email, button: "Anmelden");
        browser.Languages = "en";

        var page = await browser.GetAsync($"account/login?ui_locales={asked}");

        Assert.Contains($"<h1>{heading}</h1>", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_speaks_the_language_of_its_reader()
    {
        using var reader = new Browser(server) { Languages = "de" };
        await reader.RegisterAsync("leserin@example.org", button: "Konto anlegen");
        using var stranger = new Browser(server) { Languages = "en" };

        var form = await stranger.GetAsync("account/forgot");
        await stranger.PressAsync(form, "Send the letter", ("Email", "leserin@example.org"));

        var inbox = new Inbox(server);
        var letter = await inbox.ReceiveAsync("leserin@example.org", "Neues Passwort wählen");
        Assert.Contains("Guten Tag,", letter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_page_speaks_the_language_of_the_browser()
    {
        using var browser = new Browser(server) { Languages = "de" };

        var page = await browser.GetAsync("nirgends");

        Assert.Contains("<h1>Nicht gefunden</h1>", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_rule_says_is_translated_on_the_page_and_in_the_API()
    {
        using var browser = new Browser(server) { Languages = "de" };

        var page = await browser.RegisterAsync("a", password: "kurz", button: "Konto anlegen");

        Assert.Contains("Geben Sie eine E-Mail-Adresse wie", page.Html, StringComparison.Ordinal);
        Assert.Contains("Verwenden Sie mindestens 12 Zeichen.", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_programs_read_is_English_whatever_the_browser_asks_for()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "connect/token");
        request.Headers.Add("Accept-Language", "de");

        using var answer = await server.Http.SendAsync(request);

        var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.All(error.GetProperty("error_description").GetString()!, c => Assert.True(char.IsAscii(c)));
    }

    [Fact]
    public async Task Discovery_tells_the_languages()
    {
        var metadata = await server.Http.GetStringAsync(".well-known/openid-configuration");

        var spoken = JsonDocument.Parse(metadata).RootElement.GetProperty("ui_locales_supported");
        Assert.Equal(
            Languages.All.Select(language => language.Name),
            spoken.EnumerateArray().Select(name => name.GetString())
        );
    }
}
