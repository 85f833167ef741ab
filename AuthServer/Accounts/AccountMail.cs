using AuthServer.Data;
using AuthServer.Language;
using AuthServer.Mail;
using Microsoft.AspNetCore.Identity;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts;

/// <summary>
/// The letters that we send to people, in words of their language; the caller's save sends them. None repeats what the
/// one who caused it typed: a name can be an advertisement, and the address a stranger's.
/// </summary>
internal sealed class AccountMail(Outbox outbox, UserManager<Account> users, Issuer issuer)
{
    public async Task ConfirmAddressAsync(Account account)
    {
        var token = await users.GenerateEmailConfirmationTokenAsync(account);
        var link = Link($"account/confirm?id={account.Id}&token={token}");
        using var language = Languages.Speak(account.Language);
        Send(
            account.Email!,
            Say("Confirm your address"),
            link,
            Say(
                "somebody, we hope you, has made an account with this e-mail address. To confirm that the address is yours, open this link and press the button there:"
            ),
            link,
            Say("The link works for 24 hours. If it was not you, do nothing.")
        );
    }

    public void AddressIsTaken(Account owner)
    {
        var link = Link("account/login");
        using var language = Languages.Speak(owner.Language);
        Send(
            owner.Email!,
            Say("Someone tried to register with your address"),
            link,
            Say(
                "somebody has just tried to make an account with your e-mail address. You have one already, so nothing was changed. If it was you, sign in with the password that you chose before:"
            ),
            link,
            Say("If it was not you, there is nothing to do: they were not told that the address is known.")
        );
    }

    /// <summary>To whoever signs in at a provider, before there is an account or into a registration that nobody confirmed.</summary>
    public void ProveMailbox(EmailAddress address, string token)
    {
        var link = Link($"account/external/mailbox?token={token}");
        Send(
            address.Text,
            Say("Go on signing in"),
            link,
            Say(
                "somebody, we hope you, wants to sign in here with an account at another service. To prove that this mailbox is yours, open this link in the browser in which you began:"
            ),
            link,
            Say("The link works for 10 minutes and in that browser only. If it was not you, do nothing.")
        );
    }

    public void LoginNotConnected(Account owner)
    {
        var link = Link("account/login");
        using var language = Languages.Speak(owner.Language);
        Send(
            owner.Email!,
            Say("Someone tried to sign in with your address"),
            link,
            Say(
                "somebody has just tried to sign in here with an account at another service that names your e-mail address. It does not open your account, so nothing was changed. If it was you, sign in here as you usually do:"
            ),
            link,
            Say("If it was not you, there is nothing to do: they were not told that the address is known.")
        );
    }

    public void LoginConnected(Account account)
    {
        using var language = Languages.Speak(account.Language);
        TellOfLogins(
            account,
            Say("A new way to sign in to your account"),
            Say("an account at another service was connected, and opens your account from now on.")
        );
    }

    public void LoginDisconnected(Account account)
    {
        using var language = Languages.Speak(account.Language);
        TellOfLogins(
            account,
            Say("A way to sign in was removed"),
            Say("an account at another service was disconnected, and no longer opens your account.")
        );
    }

    /// <summary>The account is the reader's now; whoever had registered it is not told.</summary>
    public void TakenOver(Account account)
    {
        using var language = Languages.Speak(account.Language);
        TellOfLogins(
            account,
            Say("Your account was made new"),
            Say(
                "somebody had registered with your address before and never confirmed it. What they left is gone: the password, the sessions and other logins. The account is yours, and opens by the login that you have just used."
            )
        );
    }

    private void TellOfLogins(Account account, string subject, string news)
    {
        var link = Link("account/logins");
        Send(
            account.Email!,
            subject,
            link,
            news,
            Say("All logins that open your account:"),
            link,
            Say("If it was not you, disconnect what you do not know and change your password.")
        );
    }

    private void Send(string to, string subject, string? link, params string[] paragraphs) =>
        outbox.Add(new Letter(to, subject, string.Join("\n\n", [Say("Hello,"), .. paragraphs]), link));

    // From the configured issuer only: a Host header belongs to whoever sends it.
    private string Link(string path) => issuer.UrlOf(path).AbsoluteUri;
}
