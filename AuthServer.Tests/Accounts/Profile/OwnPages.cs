using AuthServer.Tests.Support;

namespace AuthServer.Tests.Accounts.Profile;

/// <summary>What people do on the pages of their own account.</summary>
internal static class OwnPages
{
    public const string Sensitive = "account/password account/email account/data account/delete";

    public static async Task<Page> ChangePasswordAsync(this Browser browser, string password) =>
        await browser.PressAsync(
            await browser.GetAsync("account/password"),
            "Set the password",
            ("Password", password)
        );

    public static async Task<Page> AskForAddressAsync(this Browser browser, string email) =>
        await browser.PressAsync(
            await browser.GetAsync("account/email"),
            "Send the letter",
            ("Email", email)
        );
}
