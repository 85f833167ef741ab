using AuthServer.Tests.Support;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AuthServer.Tests.EndToEnd;

/// <summary>The pages that a sign-in passes, for people who cannot see well, use no mouse, or hold a phone.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageTests(Server server, Chromium chromium) : IClassFixture<Server>, IAsyncLifetime
{
    private const string Email = "demo@example.com";
    private const string Password = "Correct-Horse-7-Battery";
    private const string Partner = "http://localhost:5080/";
    private IPage _page = null!;

    public async Task InitializeAsync()
    {
        _page = await chromium.OpenAsync(new() { BaseURL = server.Address.ToString() });
    }

    public async Task DisposeAsync() => await _page.Context.DisposeAsync();

    [BrowserFact]
    public async Task Axe_finds_nothing_serious_on_register_login_and_consent()
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await _page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var address in new[] { "/account/register", "/account/login" })
            {
                await _page.GotoAsync(address);
                await AssertAccessibleAsync();
            }
        }

        await OpenConsentAsync();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await _page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await AssertAccessibleAsync();
        }
    }

    [BrowserFact]
    public async Task Axe_finds_nothing_serious_on_forms_that_were_filled_in_wrongly()
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await _page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var address in new[] { "/account/register", "/account/login" })
            {
                await _page.GotoAsync(address);
                await _page.Locator("[name=Email]").FillAsync("nobody@example.org");
                await _page.Locator("[name=Password]").FillAsync("x");
                await _page.Locator("form").First.EvaluateAsync("form => form.noValidate = true");
                await _page.Keyboard.PressAsync("Enter");
                await _page
                    .Locator(".field-validation-error, .validation-summary-errors")
                    .First.WaitForAsync();
                await AssertAccessibleAsync();
            }
        }
    }

    [BrowserFact]
    public async Task The_keyboard_alone_leads_through_sign_in_and_consent()
    {
        await _page.GotoAsync(RelyingParty.Partner(server).AuthorizeUrl());

        await TabToAsync("[name=Email]");
        await _page.Keyboard.TypeAsync(Email);
        await TabToAsync("[name=Password]");
        await _page.Keyboard.TypeAsync(Password);
        await _page.Keyboard.PressAsync("Enter");
        await TabToAsync("[value=allow]");
        // Nobody listens at the partner's address; that the browser goes there is enough.
        var arrival = await _page.RunAndWaitForRequestAsync(
            () => _page.Keyboard.PressAsync("Enter"),
            request => request.Url.StartsWith(Partner, StringComparison.Ordinal)
        );

        Assert.Contains("code=", arrival.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Nothing_is_wider_than_a_small_phone()
    {
        await _page.SetViewportSizeAsync(360, 640);

        foreach (var address in new[] { "/account/register", "/account/login" })
        {
            await _page.GotoAsync(address);
            await AssertFitsAsync();
        }

        await OpenConsentAsync();
        await AssertFitsAsync();
    }

    private async Task OpenConsentAsync()
    {
        await _page.GotoAsync(RelyingParty.Partner(server).AuthorizeUrl());
        await _page.Locator("[name=Email]").FillAsync(Email);
        await _page.Locator("[name=Password]").FillAsync(Password);
        await _page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(_page.Locator("[value=allow]")).ToBeVisibleAsync();
    }

    private async Task TabToAsync(string selector)
    {
        await _page.Locator(selector).WaitForAsync();
        for (var tabs = 0; tabs < 20; tabs++)
        {
            if (
                await _page
                    .Locator(selector)
                    .EvaluateAsync<bool>("element => element === document.activeElement")
            )
            {
                return;
            }

            await _page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Twenty presses of Tab do not lead to {selector} on {_page.Url}.");
    }

    private async Task AssertAccessibleAsync()
    {
        var result = await _page.RunAxe();
        var serious = result
            .Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation =>
                $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"
            );

        Assert.True(!serious.Any(), $"{_page.Url}: {string.Join("; ", serious)}");
    }

    private async Task AssertFitsAsync()
    {
        var excess = await _page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        );

        Assert.True(excess <= 0, $"{_page.Url} is {excess} pixels too wide.");
    }
}
