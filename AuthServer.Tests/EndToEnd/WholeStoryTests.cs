using System.Net;
using AuthServer.Tests.RelyingParties;
using AuthServer.Tests.Support;
using Microsoft.Playwright;

namespace AuthServer.Tests.EndToEnd;

/// <summary>The main job in a real browser: AuthServer, an API and a web application, each a process of its own.</summary>
[Collection(BrowserTests.Name)]
public class WholeStoryTests(Shop shop, Chromium chromium) : IClassFixture<Shop>
{
    private const string Email = "grace.hopper@example.org";
    private const string Password = "Nanosecond-of-wire-11.8-inches";

    [BrowserFact]
    public async Task A_newcomer_registers_uses_an_application_and_leaves_nothing_behind_at_sign_out()
    {
        var page = await chromium.OpenAsync();
        await using var context = page.Context;
        await RegisterAsync(page);

        await page.GotoAsync(shop.WebApp.Address.ToString());
        await SignInAsync(page);
        await Assertions.Expect(page.Locator("#name")).ToHaveTextAsync("Grace Hopper");
        await Assertions.Expect(page.Locator("#email")).ToHaveTextAsync(Email);
        await Assertions.Expect(page.Locator("#orders")).ToContainTextAsync("Coffee beans, 1 kg");

        var firstToken = await page.Locator("#token").InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh now" }).ClickAsync();
        await Assertions.Expect(page.Locator("#token")).Not.ToHaveTextAsync(firstToken);
        await Assertions.Expect(page.Locator("#orders")).ToContainTextAsync("Coffee beans, 1 kg");

        var session = await SessionCookieAsync(context);
        var tokens = shop.Tap.Given[^1];
        Assert.Equal("true", await IntrospectAsync(tokens.AccessToken!));
        Assert.True(await IsSignedInAsync(session));

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("You are signed out");
        Assert.Equal(shop.WebApp.Address.Authority, new Uri(page.Url).Authority);

        Assert.Equal("invalid_grant", (await shop.WebAppParty.RefreshAsync(tokens.RefreshToken!))["error"]);
        Assert.Equal("false", await IntrospectAsync(tokens.AccessToken!));
        Assert.False(await IsSignedInAsync(session));
        Assert.Equal(HttpStatusCode.Unauthorized, await OrdersWithoutTokenAsync());

        await page.GotoAsync(shop.WebApp.Address.ToString());
        await Assertions.Expect(page.Locator("[name=Password]")).ToBeVisibleAsync();
    }

    private async Task RegisterAsync(IPage page)
    {
        await page.GotoAsync(new Uri(shop.Server.Address, "account/register").ToString());
        await page.Locator("[name=Name]").FillAsync("Grace Hopper");
        await page.Locator("[name=Email]").FillAsync(Email);
        await page.Locator("[name=Password]").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[name=Name]")).ToHaveCountAsync(0);
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.Locator("[name=Email]").FillAsync(Email);
        await page.Locator("[name=Password]").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
    }

    private async Task<string> IntrospectAsync(string accessToken)
    {
        var answer = await RelyingParty.OrdersApi(shop.Server).IntrospectAsync(accessToken);
        return answer.Json.GetProperty("active").GetRawText();
    }

    private async Task<string> SessionCookieAsync(IBrowserContext context)
    {
        var cookies = await context.CookiesAsync([shop.Server.Address.ToString()]);
        var session = cookies.Single(cookie => cookie.Name == "session");
        return $"{session.Name}={session.Value}";
    }

    // Asked without a screen, AuthServer gives a code for a live session, else login_required (OpenID Connect Core §3.1.2.6).
    private async Task<bool> IsSignedInAsync(string cookie)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            shop.WebAppParty.AuthorizeUrl(("prompt", "none"))
        );
        request.Headers.Add("Cookie", cookie);
        using var answer = await shop.Server.Http.SendAsync(request);
        return answer.Headers.Location!.Query.Contains("code=", StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> OrdersWithoutTokenAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(shop.Api.Address, "orders"));
        return answer.StatusCode;
    }
}
