using AuthServer.Data;
using AuthServer.Language;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts;

/// <summary>
/// The letters that we send to people, in words of their language; the caller's save sends them. None repeats what the
/// one who caused it typed: a name can be an advertisement, and the address a stranger's.
/// </summary>
internal sealed class AccountMail(LetterWriter writer, AccountLinks links)
{
    public void ConfirmAddress(Account account)
    {
        using var language = Languages.Speak(account.Language);
        writer.Write(
            account.Email!,
            Say("Confirm your address"),
            links.ToConfirm(account),
            Say(
                "somebody, we hope you, has made an account with this e-mail address. To confirm that the address is yours, open this link and enter the password that you chose:"
            ),
            Say("The link works for 24 hours. If it was not you, do nothing.")
        );
    }

    public void AddressIsTaken(Account owner)
    {
        using var language = Languages.Speak(owner.Language);
        writer.Write(
            owner.Email!,
            Say("Someone tried to register with your address"),
            links.ToSignIn,
            Say(
                "somebody has just tried to make an account with your e-mail address. You have one already, so nothing was changed. If it was you, sign in with the password that you chose before, or choose a new one there:"
            ),
            Say("If it was not you, there is nothing to do: they were not told that the address is known.")
        );
    }

    public void ResetPassword(Account account)
    {
        using var language = Languages.Speak(account.Language);
        writer.Write(
            account.Email!,
            Say("Choose a new password"),
            links.ToReset(account),
            Say(
                "somebody, we hope you, has asked for a new password for your account. To choose one, open this link:"
            ),
            Say(
                "The link works once, for 30 minutes. If it was not you, do nothing: your password stays as it is."
            )
        );
    }

    /// <summary>To whoever the address belongs: they may have forgotten with which one they registered.</summary>
    public void NoAccountHere(EmailAddress address)
    {
        writer.Write(
            address.Text,
            Say("You have no account here"),
            links.ToRegister,
            Say(
                "somebody, we hope you, has asked for a new password for this e-mail address. There is no account with it: perhaps you registered with another one. You can try that, or make an account:"
            ),
            Say("If it was not you, do nothing.")
        );
    }

    public void AccountIsDisabled(Account account)
    {
        using var language = Languages.Speak(account.Language);
        writer.Write(
            account.Email!,
            Say("Your account is switched off"),
            link: null,
            Say(
                "somebody, we hope you, has asked for a new password for your account. It has been switched off, so nothing was changed. Ask the people who run this service."
            )
        );
    }

    public void PasswordChanged(Account account)
    {
        using var language = Languages.Speak(account.Language);
        writer.Write(
            account.Email!,
            Say("Your password was changed"),
            links.ToForgot,
            Say(
                "the password of your account has just been changed, and whoever was signed in with the old one is signed out."
            ),
            Say("If it was not you, choose a new password at once:"),
            Say("Logins at other services open the account as before: look at them under My account.")
        );
    }

    public void ConfirmNewAddress(Account account, EmailAddress address)
    {
        using var language = Languages.Speak(account.Language);
        writer.Write(
            address.Text,
            Say("Confirm your new address"),
            links.ToNewAddress(account, address),
            Say(
                "you have asked to use this e-mail address for your account. To confirm it, open this link and sign in:"
            ),
            Say(
                "The link works for 24 hours. If it was not you, do nothing: without your password nobody can use it."
            )
        );
    }

    public void AddressIsWanted(Account owner)
    {
        using var language = Languages.Speak(owner.Language);
        writer.Write(
            owner.Email!,
            Say("Someone tried to use your address"),
            link: null,
            Say(
                "somebody has just tried to use your e-mail address for another account. It belongs to yours, so nothing was changed, and they were not told."
            ),
            Say("If it was you: sign in to the account that you have, or delete it first.")
        );
    }

    public void AddressWillChange(Account account)
    {
        using var language = Languages.Speak(account.Language);
        writer.Write(
            account.Email!,
            Say("Your address is about to change"),
            links.ToForgot,
            Say(
                "somebody who is signed in to your account has asked to use another e-mail address for it. It changes when that address is confirmed; we will tell you then."
            ),
            Say("If it was not you, choose a new password at once, which also stops the change:")
        );
    }

    /// <summary>To the old address, or to the new one.</summary>
    public void AddressChanged(Account account, string to)
    {
        using var language = Languages.Speak(account.Language);
        writer.Write(
            to,
            Say("Your address was changed"),
            link: null,
            Say(
                "the e-mail address of your account has just been changed, and whoever was signed in is signed out. From now on you sign in with the new one."
            ),
            Say("If it was not you, tell the people who run this service at once.")
        );
    }

    public void AccountDeleted(Account account)
    {
        using var language = Languages.Speak(account.Language);
        writer.Write(
            account.Email!,
            Say("Your account is deleted"),
            link: null,
            Say(
                "your account has just been deleted, with everything that we knew of you. Nobody can sign in with it any more."
            ),
            Say("If it was not you, tell the people who run this service at once.")
        );
    }
}
