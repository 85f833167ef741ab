using AuthServer.Tests.Support;

namespace AuthServer.Tests.RelyingParties;

/// <summary>Lets a browser go on by itself, from redirect to redirect, as the real ones do.</summary>
internal static class Visit
{
    /// <summary>Opens an address and follows it to a page, or until it would leave for <paramref name="until"/>.</summary>
    public static async Task<Page> VisitAsync(this Browser browser, string url, string? until = null) =>
        await browser.GoOnAsync(await browser.GetAsync(url), until);

    /// <summary>Signs the demo person in on the page that is in view, and follows on.</summary>
    public static async Task<Page> SignInOnAsync(this Browser browser, Page page, string? until = null) =>
        await browser.GoOnAsync(
            await browser.PressAsync(
                page,
                "Sign in",
                ("Email", "demo@example.com"),
                ("Password", "Correct-Horse-7-Battery")
            ),
            until
        );

    /// <summary>Presses a button and follows on.</summary>
    public static async Task<Page> PressOnAsync(this Browser browser, Page page, string button) =>
        await browser.GoOnAsync(await browser.PressAsync(page, button), null);

    private static async Task<Page> GoOnAsync(this Browser browser, Page page, string? until)
    {
        for (var hops = 0; page.Location is { } next && !IsEnd(next, until); hops++)
        {
            Assert.True(hops < 10, $"The redirects do not end; the last one leads to {next}.");
            page = await browser.FollowAsync(page);
        }

        return page;
    }

    private static bool IsEnd(Uri next, string? until) =>
        until is not null && next.AbsoluteUri.StartsWith(until, StringComparison.Ordinal);
}
