using AuthServer.Tests.Edge;
using AuthServer.Tests.Support;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AuthServer.Tests.Layout;

[Collection(BrowserTests.Name)]
public class LookTests(Chromium chromium, FaultyServer server) : IClassFixture<FaultyServer>
{
    [BrowserTheory]
    [InlineData("", ColorScheme.Light)]
    [InlineData("", ColorScheme.Dark)]
    [InlineData("nothing", ColorScheme.Light)]
    [InlineData("connect/authorize/engine", ColorScheme.Light)]
    [InlineData("connect/authorize/engine", ColorScheme.Dark)]
    public async Task A_page_shuts_nobody_out(string path, ColorScheme scheme)
    {
        var page = await chromium.OpenAsync(new() { ColorScheme = scheme });
        await page.GotoAsync(server.Address + path);

        var violations = (await page.RunAxe()).Violations;

        Assert.Empty(
            violations.Where(violation => violation.Impact is "serious" or "critical").Select(v => v.Id)
        );
        await page.Context.DisposeAsync();
    }

    [BrowserTheory]
    [InlineData("")]
    [InlineData("connect/authorize/engine")]
    public async Task A_page_fits_a_screen_of_320_pixels(string path)
    {
        var page = await chromium.OpenAsync(
            new()
            {
                ViewportSize = new() { Width = 320, Height = 640 },
            }
        );
        await page.GotoAsync(server.Address + path);

        var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");

        Assert.Equal(320, width);
        await page.Context.DisposeAsync();
    }

    [BrowserFact]
    [Trait("Requirement", "C-71")]
    public async Task A_page_and_its_style_pass_their_own_policy()
    {
        var page = await chromium.OpenAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);

        await page.GotoAsync(server.Address.ToString());
        var ground = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

        Assert.Equal("rgb(243, 244, 247)", ground);
        Assert.Empty(complaints);
        await page.Context.DisposeAsync();
    }
}
