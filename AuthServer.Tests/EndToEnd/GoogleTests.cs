using AuthServer.Tests.Accounts;
using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AuthServer.Tests.EndToEnd;

/// <summary>Sign-in with Google in a real browser, with what its own rules for cookies and forms make of ours.</summary>
[Collection(BrowserTests.Name)]
public sealed class GoogleTests(GoogleServer server, Chromium chromium)
    : IClassFixture<GoogleServer>,
        IAsyncLifetime
{
    private IPage _page = null!;

    public async Task InitializeAsync()
    {
        server.Google.AsksPerson = true;
        _page = await chromium.OpenAsync(
            new()
            {
                BaseURL = server.Address.ToString(),
                ViewportSize = new() { Width = 320, Height = 640 },
            }
        );
    }

    public async Task DisposeAsync() => await _page.Context.DisposeAsync();

    [BrowserFact]
    public async Task A_newcomer_comes_in_by_the_button_and_the_consent_of_Google()
    {
        server.Google.Person = GooglePerson.New();
        await _page.GotoAsync("/account/login?returnUrl=%2Faccount%2Flogins");

        await PressAsync(GoogleVisits.Button);
        await _page.Locator("#allow").ClickAsync();

        await Assertions.Expect(_page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Linked logins");
        await Assertions.Expect(_page.Locator(".logins")).ToContainTextAsync(server.Google.Person.Email!);
        // In one piece, also on this small a phone.
        var address = await _page.Locator(".logins .hint").BoundingBoxAsync();
        Assert.InRange(address!.Height, 1, 30);
        await AssertAccessibleAsync();
    }

    [BrowserFact]
    public async Task Whoever_cancels_is_told_so_and_finds_back()
    {
        await _page.GotoAsync("/account/register");

        await PressAsync(GoogleVisits.Button);
        await _page.Locator("#deny").ClickAsync();

        await Assertions.Expect(_page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("You have cancelled");
        await AssertAccessibleAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Back to sign-in" }).ClickAsync();
        await Assertions.Expect(_page.Locator("[name=Password]")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task The_owner_of_an_account_connects_it_by_the_password()
    {
        await server.AddAccountAsync("chromium@example.org");
        server.Google.Person = GooglePerson.New("chromium@example.org");
        await _page.GotoAsync("/account/login");
        await AssertAccessibleAsync();

        await PressAsync(GoogleVisits.Button);
        await _page.Locator("#allow").ClickAsync();
        await Assertions.Expect(_page.Locator("h1")).ToHaveTextAsync("One more step");
        await AssertAccessibleAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Sign in to your account" }).ClickAsync();
        await _page.Locator("[name=Email]").FillAsync("chromium@example.org");
        await _page.Locator("[name=Password]").FillAsync(People.Password);
        await _page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(_page.Locator("h1")).ToHaveTextAsync("Connect Google?");
        await AssertAccessibleAsync();
        await PressAsync("Connect");

        await Assertions.Expect(_page.Locator(".logins")).ToContainTextAsync("chromium@example.org");
    }

    private Task PressAsync(string button) =>
        _page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    // In both schemes, and no wider than a small phone.
    private async Task AssertAccessibleAsync()
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await _page.EmulateMediaAsync(new() { ColorScheme = scheme });
            var serious = (await _page.RunAxe()).Violations.Where(v => v.Impact is "serious" or "critical");
            Assert.Empty(serious.Select(violation => violation.Id));
        }

        Assert.Equal(320, await _page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }
}
