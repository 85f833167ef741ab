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

    // From the configured issuer only: a Host header belongs to whoever sends it.
    private string Link(string path) => issuer.UrlOf(path).AbsoluteUri;
}
