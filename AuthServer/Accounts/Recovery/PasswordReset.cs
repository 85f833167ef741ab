using System.Net;
using System.Security.Cryptography;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Limits;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts.Recovery;

/// <summary>
/// A new password for who cannot sign in. To whoever asks, an address that is known looks like one that is not: the
/// truth goes to the mailbox, and the same is written for both.
/// </summary>
internal sealed class PasswordReset(
    UserManager<Account> users,
    NewPassword passwords,
    GuessBudget guesses,
    LetterBudget letters,
    AccountLinks links,
    AccountMail mail,
    AuthDb db,
    AuditLog audit
)
{
    private const int IdBytes = 16;

    /// <summary>Sends the letter that belongs to the address, unless its mailbox has had enough of them.</summary>
    public async Task RequestAsync(IPAddress? from, EmailAddress address, CancellationToken cancellation)
    {
        if (!await letters.TryTakeAsync(from, address.Canonical, "reset"))
        {
            audit.Note(AuditEvent.PasswordResetRequested, reason: "too many letters", name: address.Text);
            return;
        }

        await EvenTime.RunAsync(() => SendAsync(address, cancellation), cancellation);
    }

    /// <summary>The account that the link in the letter is for, while it is good; else null.</summary>
    public async Task<Account?> FindAsync(string? accountId, string? token)
    {
        var account = await users.FindByIdAsync(accountId ?? "");
        return account is { DisabledAt: null } && links.IsReset(account, token) ? account : null;
    }

    /// <summary>
    /// Sets the password. The mailbox is proven by it, but nobody is signed in: that takes whatever else the account asks.
    /// </summary>
    public async Task<PasswordAnswer> ResetAsync(
        IPAddress? from,
        string? accountId,
        string? token,
        string? password,
        CancellationToken cancellation
    )
    {
        if (await FindAsync(accountId, token) is not { } account)
        {
            // Charged to the address alone: counted for the account, it would tell which accounts there are, and let
            // a stranger keep its owner out.
            var guess = await guesses.ReserveAsync(from, $"link {from}", device: null, accountId: null);
            audit.Note(AuditEvent.PasswordReset, reason: "the link is not good");
            return new PasswordAnswer { IsGone = true, Refusal = guess.Refusal };
        }

        return await passwords.SetAsync(
            account,
            password,
            AuditEvent.PasswordReset,
            now =>
            {
                var isGood = links.IsReset(now, token);
                now.ResetId = null;
                now.EmailConfirmed = true;
                return isGood;
            },
            Lane.Known,
            cancellation
        );
    }

    private Task SendAsync(EmailAddress address, CancellationToken cancellation)
    {
        var resetId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return db.ExclusivelyAsync(
            Turn.People,
            async token =>
            {
                var account = await db
                    .Users.AsNoTracking()
                    .SingleOrDefaultAsync(user => user.NormalizedEmail == address.Canonical, token);
                var isOpen = account is { DisabledAt: null };
                // The links before this one are dead from here on (C-63). For nobody's address it changes no row.
                await db
                    .Users.Where(user => user.Id == (isOpen ? account!.Id : ""))
                    .ExecuteUpdateAsync(set => set.SetProperty(user => user.ResetId, resetId), token);
                Write(account, address, resetId);
                audit.Record(
                    AuditEvent.PasswordResetRequested,
                    isOpen,
                    account?.Id,
                    name: account is null ? address.Text : null
                );
                await db.SaveChangesAsync(token);
            },
            cancellation
        );
    }

    private void Write(Account? account, EmailAddress address, string resetId)
    {
        switch (account)
        {
            case null:
                mail.NoAccountHere(address);
                break;
            case { DisabledAt: not null }:
                mail.AccountIsDisabled(account);
                break;
            default:
                account.ResetId = resetId;
                mail.ResetPassword(account);
                break;
        }
    }
}
