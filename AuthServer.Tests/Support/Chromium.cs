using Microsoft.Playwright;

namespace AuthServer.Tests.Support;

/// <summary>One browser for all tests that look at pages; each of them gets a profile of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Path = "/usr/bin/chromium";

    // As root a browser has no sandbox; the other switches keep it from talking to the outside.
    private static readonly string[] Switches =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Null where Chromium is there, or where AUTHSERVER_TESTS_REQUIRE_ALL=true forbids to leave tests out.</summary>
    public static string? ReasonToSkip =>
        File.Exists(Path) || Environment.GetEnvironmentVariable("AUTHSERVER_TESTS_REQUIRE_ALL") == "true"
            ? null
            : $"{Path} is missing; ./test.sh installs it on Debian and Ubuntu.";

    public async Task InitializeAsync()
    {
        if (File.Exists(Path))
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(
                new()
                {
                    ExecutablePath = Path,
                    Headless = true,
                    Args = Switches,
                }
            );
        }
    }

    /// <summary>A page in a fresh profile: no cookies, no cache. Disposing of the context closes it.</summary>
    public async Task<IPage> OpenAsync(BrowserNewContextOptions? profile = null)
    {
        var browser = _browser ?? throw new InvalidOperationException($"{Path} is missing.");
        var context = await browser.NewContextAsync(profile);
        // Generous, for a machine that is busy with the rest of the tests.
        context.SetDefaultTimeout(120_000);
        Assertions.SetDefaultExpectTimeout(120_000);
        return await context.NewPageAsync();
    }

    public async Task DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }
}

/// <summary>The collection of all browser tests: <c>[Collection(BrowserTests.Name)]</c>.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Chromium>
{
    public const string Name = "Browser";
}
