using System.Net;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Limits;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts.Profile;

/// <summary>
/// Another e-mail address for an account, in two steps: asked for by who is freshly signed in, and done by who reads
/// that mailbox and is signed in to the same account: a slip of the pen gives the account to nobody.
/// </summary>
internal sealed class AddressChange(
    AuthDb db,
    AuditLog audit,
    LetterBudget letters,
    AccountLinks links,
    AccountMail mail,
    SecurityChange change
)
{
    /// <summary>Writes to both addresses. That the new one belongs to somebody else is told to them alone.</summary>
    public async Task RequestAsync(
        IPAddress? from,
        Account account,
        EmailAddress address,
        CancellationToken cancellation
    )
    {
        if (!await letters.TryTakeAsync(from, address.Canonical, "address"))
        {
            audit.Note(
                AuditEvent.EmailChangeRequested,
                accountId: account.Id,
                reason: "too many letters",
                name: address.Text
            );
            return;
        }

        await EvenTime.RunAsync(() => WriteAsync(account, address, cancellation), cancellation);
    }

    public bool IsGood(Account account, EmailAddress address, string? token) =>
        links.IsNewAddress(account, address, token);

    /// <summary>The account with its new address; null when the link is no longer good or the address has been taken meanwhile.</summary>
    public async Task<Account?> ConfirmAsync(
        string accountId,
        EmailAddress address,
        string? token,
        CancellationToken cancellation
    )
    {
        try
        {
            return await change.TryAsync(
                accountId,
                AuditEvent.EmailChanged,
                account =>
                {
                    if (!links.IsNewAddress(account, address, token))
                    {
                        return false;
                    }

                    mail.AddressChanged(account, account.Email!);
                    mail.AddressChanged(account, address.Text);
                    account.Email = account.UserName = address.Text;
                    account.NormalizedEmail = account.NormalizedUserName = address.Canonical;
                    account.EmailConfirmed = true;
                    account.ResetId = null;
                    return true;
                },
                cancellation
            );
        }
        catch (DbUpdateException)
        {
            // The unique index decides between two accounts that want one address.
            db.ChangeTracker.Clear();
            if (!await db.Users.AnyAsync(user => user.NormalizedEmail == address.Canonical, cancellation))
            {
                throw;
            }

            return null;
        }
    }

    private Task WriteAsync(Account account, EmailAddress address, CancellationToken cancellation) =>
        db.ExclusivelyAsync(
            Turn.People,
            async token =>
            {
                var owner = await db
                    .Users.AsNoTracking()
                    .SingleOrDefaultAsync(user => user.NormalizedEmail == address.Canonical, token);
                if (owner is null)
                {
                    mail.ConfirmNewAddress(account, address);
                }
                else
                {
                    mail.AddressIsWanted(owner);
                }

                mail.AddressWillChange(account);
                audit.Record(AuditEvent.EmailChangeRequested, owner is null, account.Id, name: address.Text);
                await db.SaveChangesAsync(token);
            },
            cancellation
        );
}
