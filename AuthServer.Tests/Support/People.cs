using System.Net;
using System.Net.Http.Json;

namespace AuthServer.Tests.Support;

/// <summary>People of a test, and what they do at clients.</summary>
internal static class People
{
    public const string Password = "Correct-Horse-7-Battery";

    private static int _count;

    /// <summary>Registers somebody through the front door; gives their e-mail.</summary>
    public static async Task<string> NewPersonAsync(this Server server, string name)
    {
        var email = $"person{Interlocked.Increment(ref _count)}@example.org";
        using var answer = await server.Http.PostAsJsonAsync(
            "api/account/register",
            new
            {
                email,
                password = Password,
                name,
            }
        );
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return email;
    }

    /// <summary>A browser in which that person, or the demo user, has signed in.</summary>
    public static async Task<Browser> SignedInAsync(this Server server, string email = "demo@example.com")
    {
        var browser = new Browser(server);
        await browser.SignInAsync(email);
        return browser;
    }

    /// <summary>Lets the browser ask for a code, with changes to the request; gives the code.</summary>
    public static async Task<string> AuthorizeAsync(
        this RelyingParty client,
        Browser browser,
        params (string Name, string? Value)[] changes
    ) => (await browser.GetAsync(client.AuthorizeUrl(changes))).Callback(client)["code"];

    /// <summary>The whole round: the browser asks for a code, the client exchanges it.</summary>
    public static async Task<Answer> SignInAsync(
        this RelyingParty client,
        Browser browser,
        params (string Name, string? Value)[] changes
    ) => await client.RedeemAsync(await client.AuthorizeAsync(browser, changes));

    /// <summary>Signs the browser out by the page.</summary>
    public static async Task SignOutAsync(this Browser browser) =>
        await browser.PressAsync(await browser.GetAsync("account/logout"), "Sign out");

    /// <summary>What the client's redirect URI was told.</summary>
    public static Dictionary<string, string> Callback(this Page page, RelyingParty client)
    {
        var location = page.Location?.ToString() ?? $"no redirect but {page.Status}: {page.Html}";
        Assert.StartsWith(client.RedirectUri + "?", location, StringComparison.Ordinal);
        return Microsoft
            .AspNetCore.WebUtilities.QueryHelpers.ParseQuery(location[client.RedirectUri.Length..])
            .ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
    }
}
