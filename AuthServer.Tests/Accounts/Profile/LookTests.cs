using AuthServer.Tests.Support;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AuthServer.Tests.Accounts.Profile;

[Collection(BrowserTests.Name)]
public class LookTests(Chromium chromium, Server server) : IClassFixture<Server>
{
    private static readonly string[] Pages =
    [
        "account",
        "account/password",
        "account/email",
        "account/sessions",
        "account/apps",
        "account/data",
        "account/delete",
        "account/forgot",
    ];

    [BrowserTheory]
    [InlineData("en", ColorScheme.Light)]
    [InlineData("de", ColorScheme.Dark)]
    public async Task The_pages_of_an_account_shut_nobody_out(string language, ColorScheme scheme)
    {
        var page = await chromium.OpenAsync(
            new()
            {
                BaseURL = server.Address.ToString(),
                ColorScheme = scheme,
                Locale = language,
                ViewportSize = new() { Width = 320, Height = 640 },
            }
        );
        await page.GotoAsync("account/login");
        await page.Locator("[name=Email]").FillAsync("demo@example.com");
        await page.Locator("[name=Password]").FillAsync(People.Password);
        await page.Locator("button.primary").ClickAsync();

        foreach (var path in Pages)
        {
            await page.GotoAsync(path);

            var violations = (await page.RunAxe()).Violations;
            Assert.Empty(
                violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{path}: {v.Id}")
            );
            Assert.Equal(320, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        }

        await page.Context.DisposeAsync();
    }
}
