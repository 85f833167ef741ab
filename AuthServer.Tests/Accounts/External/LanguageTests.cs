using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;

namespace AuthServer.Tests.Accounts.External;

/// <summary>That the languages which a client asks for survive the way to a provider and back.</summary>
public sealed class LanguageTests(GoogleServer server) : IClassFixture<GoogleServer>
{
    [Fact]
    public async Task An_account_is_made_in_the_language_that_the_client_asked_for()
    {
        server.Google.Person = GooglePerson.New();
        using var browser = new Browser(server) { Languages = "en" };

        await ArriveAsync(browser);

        Assert.Equal("de", (await server.FindAccountAsync(server.Google.Person.Email!)).Language);
    }

    [Fact]
    public async Task The_next_step_and_the_letter_speak_it_too()
    {
        server.Google.Person = GooglePerson.New() with { Verified = false };
        using var browser = new Browser(server) { Languages = "en" };

        var page = await browser.FollowAsync(await ArriveAsync(browser));

        Assert.Contains("<h1>Noch ein Schritt</h1>", page.Html, StringComparison.Ordinal);
        await new Inbox(server).ReceiveAsync(server.Google.Person.Email!, "Weiter mit der Anmeldung");
    }

    private static async Task<Page> ArriveAsync(Browser browser)
    {
        var login = await browser.GetAsync("account/login?ui_locales=de");
        var left = await browser.PressAsync(login, "Weiter mit Google");
        return await browser.FollowAsync(await browser.FollowAsync(await browser.FollowAsync(left)));
    }
}
