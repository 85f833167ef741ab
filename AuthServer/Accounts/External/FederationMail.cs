using AuthServer.Data;
using AuthServer.Language;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts.External;

/// <summary>The letters about logins at other services, in words of their reader's language; the caller's save sends them.</summary>
internal sealed class FederationMail(LetterWriter writer, AccountLinks links)
{
    /// <summary>To whoever signs in at a provider, before there is an account or into a registration that nobody confirmed.</summary>
    public void ProveMailbox(EmailAddress address, string token)
    {
        writer.Write(
            address.Text,
            Say("Go on signing in"),
            links.ToMailboxProof(token),
            Say(
                "somebody, we hope you, wants to sign in here with an account at another service. To prove that this mailbox is yours, open this link in the browser in which you began:"
            ),
            Say("The link works for 10 minutes and in that browser only. If it was not you, do nothing.")
        );
    }

    public void LoginNotConnected(Account owner)
    {
        using var language = Languages.Speak(owner.Language);
        writer.Write(
            owner.Email!,
            Say("Someone tried to sign in with your address"),
            links.ToSignIn,
            Say(
                "somebody has just tried to sign in here with an account at another service that names your e-mail address. It does not open your account, so nothing was changed. If it was you, sign in here as you usually do:"
            ),
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
        writer.Write(
            account.Email!,
            subject,
            links.ToLogins,
            news,
            Say("All logins that open your account:"),
            Say("If it was not you, disconnect what you do not know and change your password.")
        );
    }
}
