using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>
/// Changes how an account is proved, in one transaction with what follows from it: the security stamp moves on, so that
/// links and trusted browsers of before are worthless, and every session ends with its families (C-25).
/// </summary>
internal sealed class SecurityChange(AuthDb db, SessionRegistry sessions, AuditLog audit)
{
    /// <summary>The account as it is now; null when it is gone, disabled, or <paramref name="change"/> said no.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="what">What is recorded; its name is the reason for which the sessions end.</param>
    /// <param name="change">Changes the account as it is once nobody else can write, or says that it must not.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<Account?> TryAsync(
        string accountId,
        AuditEvent what,
        Func<Account, bool> change,
        CancellationToken cancellation
    )
    {
        // What this request has read before may have been changed by another since.
        db.ChangeTracker.Clear();
        Account? changed = null;
        await db.ExclusivelyAsync(
            Turn.People,
            async token =>
            {
                var account = await db.Users.SingleOrDefaultAsync(user => user.Id == accountId, token);
                if (account is not { DisabledAt: null } || !change(account))
                {
                    db.ChangeTracker.Clear();
                    return;
                }

                account.SecurityStamp = Guid.NewGuid().ToString("N");
                account.ConcurrencyStamp = Guid.NewGuid().ToString();
                audit.Record(what, accountId: accountId);
                await sessions.EndAllAsync(accountId, what.Name, exceptSessionId: null, token);
                await db.SaveChangesAsync(token);
                changed = account;
            },
            cancellation
        );
        return changed;
    }
}
