using AuthServer.Data;

namespace AuthServer.Accounts;

/// <summary>The links that our letters carry, and whether one that comes back is good.</summary>
internal sealed class AccountLinks(LinkTokens tokens, Issuer issuer)
{
    private const string Confirm = "confirm";

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    public string ToSignIn => UrlOf("account/login");

    public string ToRegister => UrlOf("account/register");

    public string ToLogins => UrlOf("account/logins");

    public string ToForgot => UrlOf("account/forgot");

    /// <summary>Good for a day.</summary>
    public string ToConfirm(Account account) =>
        UrlOf($"account/confirm?id={account.Id}&token={tokens.Make(Confirm, account, Day)}");

    public bool IsConfirmation(Account account, string? token) => tokens.IsGood(Confirm, account, token);

    /// <summary>Good for 30 minutes, until it is used or <see cref="Account.ResetId"/> names another.</summary>
    public string ToReset(Account account) =>
        UrlOf($"account/reset?id={account.Id}&token={tokens.Make(Reset(account), account, HalfAnHour)}");

    public bool IsReset(Account account, string? token) =>
        account.ResetId is not null && tokens.IsGood(Reset(account), account, token);

    /// <summary>Good for a day, and only for who is signed in as the account.</summary>
    public string ToNewAddress(Account account, EmailAddress address) =>
        UrlOf(
            $"account/email/confirm?address={Uri.EscapeDataString(address.Text)}&token={tokens.Make(Move(address), account, Day)}"
        );

    public bool IsNewAddress(Account account, EmailAddress address, string? token) =>
        tokens.IsGood(Move(address), account, token);

    /// <summary>For who signs in at another service; the token is that sign-in's.</summary>
    public string ToMailboxProof(string token) => UrlOf($"account/external/mailbox?token={token}");

    private static string Reset(Account account) => $"reset {account.ResetId}";

    private static string Move(EmailAddress address) => $"address {address.Canonical}";

    // From the configured issuer only: a Host header belongs to whoever sends it.
    private string UrlOf(string path) => issuer.UrlOf(path).AbsoluteUri;
}
