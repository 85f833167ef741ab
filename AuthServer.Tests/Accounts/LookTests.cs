using AuthServer.Tests.Support;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AuthServer.Tests.Accounts;

[Collection(BrowserTests.Name)]
public class LookTests(Chromium chromium, Server server) : IClassFixture<Server>
{
    [BrowserTheory]
    [InlineData("account/register", ColorScheme.Light)]
    [InlineData("account/register", ColorScheme.Dark)]
    [InlineData("account/login?notice=ready", ColorScheme.Light)]
    [InlineData("account/login", ColorScheme.Dark)]
    [InlineData("account/forgot", ColorScheme.Dark)]
    public async Task A_page_and_its_complaints_shut_nobody_out(string path, ColorScheme scheme)
    {
        var page = await chromium.OpenAsync(
            new()
            {
                ColorScheme = scheme,
                ViewportSize = new() { Width = 320, Height = 640 },
            }
        );
        await page.GotoAsync(server.Address + path);
        var empty = (await page.RunAxe()).Violations;

        await page.Locator("button.primary").ClickAsync();

        var refused = (await page.RunAxe()).Violations;
        Assert.NotEqual(0, await page.Locator("[role=alert], .field-error").CountAsync());
        Assert.Empty(
            empty
                .Concat(refused)
                .Where(v => v.Impact is "serious" or "critical")
                .Select(violation => violation.Id)
        );
        Assert.Equal(320, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.Context.DisposeAsync();
    }

    [BrowserFact]
    public async Task The_keyboard_is_enough_to_register_and_sign_in()
    {
        var page = await chromium.OpenAsync();
        await page.GotoAsync(server.Address + "account/register");

        await page.GetByLabel("Name").FocusAsync();
        await TypeAsync(
            page,
            "Ada Lovelace",
            "Tab",
            "keys@example.org",
            "Tab",
            "Correct-Horse-7-Battery",
            "Enter"
        );
        await page.WaitForURLAsync("**/account/login?**");
        await page.GetByLabel("E-mail").FocusAsync();
        await TypeAsync(page, "keys@example.org", "Tab", "Correct-Horse-7-Battery", "Tab", "Enter");
        await page.WaitForURLAsync(server.Address.ToString());

        await page.GotoAsync(server.Address + "account/login");
        Assert.Contains("keys@example.org", await page.ContentAsync(), StringComparison.Ordinal);
        await page.Context.DisposeAsync();
    }

    private static async Task TypeAsync(IPage page, params string[] keys)
    {
        foreach (var key in keys)
        {
            await (key is "Tab" or "Enter" ? page.Keyboard.PressAsync(key) : page.Keyboard.TypeAsync(key));
        }
    }
}
