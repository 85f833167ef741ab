namespace AuthServer.Tests.Support.Google;

/// <summary>What people do who have an account at the stand-in of Google.</summary>
internal static class GoogleVisits
{
    public const string Button = "Continue with Google";

    /// <summary>Presses the button and goes the way to Google and back; gives the answer to the callback.</summary>
    public static async Task<Page> ReturnFromGoogleAsync(this Browser browser, string url = "account/login")
    {
        var answer = await browser.PressAsync(await browser.GetAsync(url), Button);
        return await browser.FollowAsync(await browser.FollowAsync(answer));
    }

    /// <summary>The same, one step more: gives the answer in which the server decides.</summary>
    public static async Task<Page> SignInWithGoogleAsync(
        this Browser browser,
        string url = "account/login"
    ) => await browser.FollowAsync(await browser.ReturnFromGoogleAsync(url));

    /// <summary>Whether the browser is asked for one more step, on the page that is the same for all.</summary>
    public static bool IsAskedForMore(this Page answer) =>
        answer.Location?.AbsolutePath == "/account/external/next";
}
