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

    private void Send(string to, string subject, string? link, params string[] paragraphs) =>
        outbox.Add(new Letter(to, subject, string.Join("\n\n", [Say("Hello,"), .. paragraphs]), link));

    // From the configured issuer only: a Host header belongs to whoever sends it.
    private string Link(string path) => issuer.UrlOf(path).AbsoluteUri;
}
