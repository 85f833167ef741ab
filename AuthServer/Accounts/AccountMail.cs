using AuthServer.Data;
using AuthServer.Mail;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Accounts;

/// <summary>
/// The letters that we send to people, in words; the caller's save sends them. None repeats what the one who caused it typed: a name can be an
/// advertisement, and the address a stranger's.
/// </summary>
internal sealed class AccountMail(Outbox outbox, UserManager<Account> users, Issuer issuer)
{
    public async Task ConfirmAddressAsync(Account account)
    {
        var token = await users.GenerateEmailConfirmationTokenAsync(account);
        var link = Link($"account/confirm?id={account.Id}&token={token}");
        var text = $"""
            Hello,

            somebody, we hope you, has made an account with this e-mail address.
            To confirm that the address is yours, open this link and press the button there:

            {link}

            The link works for 24 hours. If it was not you, do nothing.
            """;
        outbox.Add(new Letter(account.Email!, "Confirm your address", text, link));
    }

    public void AddressIsTaken(Account owner)
    {
        var link = Link("account/login");
        var text = $"""
            Hello,

            somebody has just tried to make an account with your e-mail address. You have one already,
            so nothing was changed. If it was you, sign in with the password that you chose before:

            {link}

            If it was not you, there is nothing to do: they were not told that the address is known.
            """;
        outbox.Add(new Letter(owner.Email!, "Someone tried to register with your address", text, link));
    }

    /// <summary>To whoever signs in with a provider, before there is an account or into a registration that nobody confirmed.</summary>
    public void ProveMailbox(EmailAddress address, string token)
    {
        var link = Link($"account/external/mailbox?token={token}");
        var text = $"""
            Hello,

            somebody, we hope you, wants to sign in here with an account that they have at another service.
            To prove that this mailbox is yours, open this link in the browser in which you began:

            {link}

            The link works for 10 minutes, and in that browser only. If it was not you, do nothing.
            """;
        outbox.Add(new Letter(address.Text, "Go on signing in", text, link));
    }

    public void LoginNotConnected(Account owner)
    {
        var link = Link("account/login");
        var text = $"""
            Hello,

            somebody has just tried to sign in here with an account at another service that names your e-mail
            address. It does not open your account, so nothing was changed. If it was you, sign in as you usually
            do in the same browser; a login that the other service has verified can then be connected:

            {link}

            If it was not you, there is nothing to do: they were not told that the address is known.
            """;
        outbox.Add(new Letter(owner.Email!, "Someone tried to sign in with your address", text, link));
    }

    public void LoginConnected(Account account) =>
        AboutLogins(
            account,
            "A new way to sign in to your account",
            "an account at another service has just been connected, and opens your account from now on."
        );

    public void LoginDisconnected(Account account) =>
        AboutLogins(
            account,
            "A way to sign in was removed",
            "an account at another service has just been disconnected, and no longer opens your account."
        );

    public void TakenOver(Account account) =>
        AboutLogins(
            account,
            "Your account was made new",
            """
            somebody had registered with your address before you and never confirmed it. That account is now yours:
            its password, sessions and other logins are gone, and it opens by the login that you have just used.
            """
        );

    private void AboutLogins(Account account, string subject, string news)
    {
        var link = Link("account/logins");
        var text = $"""
            Hello,

            {news}
            You see all ways to sign in here:

            {link}

            If it was not you, disconnect what you do not know, and change your password.
            """;
        outbox.Add(new Letter(account.Email!, subject, text, link));
    }

    // From the configured issuer only: a Host header belongs to whoever sends it.
    private string Link(string path) => issuer.UrlOf(path).AbsoluteUri;
}
