using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts.External;

/// <summary>The logins at providers that open an account: connects one that was proved here, disconnects one that is not the last way in.</summary>
internal sealed class LinkedLogins(
    AuthDb db,
    PendingIdentities pending,
    FederatedAccounts accounts,
    SessionRegistry sessions,
    IEnumerable<ExternalProvider> providers,
    FederationMail mail,
    AuditLog audit
)
{
    public Task<List<IdentityUserLogin<string>>> ListAsync(
        string accountId,
        CancellationToken cancellation
    ) =>
        db
            .UserLogins.AsNoTracking()
            .Where(login => login.UserId == accountId)
            .OrderBy(login => login.LoginProvider)
            .ThenBy(login => login.ProviderKey)
            .ToListAsync(cancellation);

    /// <summary>Links what waits, for the session that it is bound to; false when it was used, has expired or is linked elsewhere.</summary>
    public async Task<bool> TryConnectAsync(
        Account account,
        PendingIdentity waiting,
        SignIn signIn,
        CancellationToken cancellation
    )
    {
        try
        {
            await using var transaction = await db.BeginAsync(Turn.People, cancellation);
            if (
                !await IsSignedInAsync(signIn, cancellation)
                || !await pending.TryUseAsync(waiting, signIn.SessionId, cancellation)
            )
            {
                return false;
            }

            accounts.Link(account, PendingIdentities.IdentityOf(waiting));
            mail.LoginConnected(account);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return true;
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            var isTaken = await db.UserLogins.AnyAsync(
                login => login.LoginProvider == waiting.Issuer && login.ProviderKey == waiting.Subject,
                cancellation
            );
            if (!isTaken)
            {
                throw;
            }

            return false;
        }
    }

    /// <summary>
    /// Takes a login away, ends the account's other sessions and tells the person; false when it is the last way in, or was
    /// not there. Two at once leave one.
    /// </summary>
    public async Task<bool> TryDisconnectAsync(
        Account account,
        string issuer,
        string subject,
        SignIn signIn,
        CancellationToken cancellation
    )
    {
        var usable = await UsableIssuersAsync(account.Id, cancellation);
        var isDone = false;
        await db.ExclusivelyAsync(
            Turn.People,
            async cancelled =>
            {
                // One statement looks and deletes: nobody comes between.
                isDone =
                    await IsSignedInAsync(signIn, cancelled)
                    && await db
                        .UserLogins.Where(login => login.UserId == account.Id)
                        .Where(login => login.LoginProvider == issuer && login.ProviderKey == subject)
                        .Where(login =>
                            db.Users.Any(user => user.Id == account.Id && user.PasswordHash != null)
                            || db.UserLogins.Any(other =>
                                other.UserId == account.Id
                                && (other.LoginProvider != issuer || other.ProviderKey != subject)
                                && usable.Contains(other.LoginProvider)
                            )
                        )
                        .ExecuteDeleteAsync(cancelled) == 1;
                if (!isDone)
                {
                    return;
                }

                audit.Record(AuditEvent.FederationUnlinked, accountId: account.Id);
                mail.LoginDisconnected(account);
                // Whoever came in by it leaves with it.
                await sessions.EndAllAsync(account.Id, "login disconnected", signIn.SessionId, cancelled);
            },
            cancellation
        );
        return isDone;
    }

    // A login at a provider that is no longer in the configuration opens nothing.
    private async Task<List<string>> UsableIssuersAsync(string accountId, CancellationToken cancellation) =>
        [
            .. (await ListAsync(accountId, cancellation))
                .Select(login => login.LoginProvider)
                .Where(issuer => providers.Any(provider => provider.Vouches(issuer))),
        ];

    // Once nobody else can write: a reset that came in between has ended the session, and the right to this.
    private Task<bool> IsSignedInAsync(SignIn signIn, CancellationToken cancellation) =>
        db.Sessions.AnyAsync(
            session =>
                session.Id == signIn.SessionId
                && session.EndedAt == null
                && session.Account!.SecurityStamp == session.SecurityStamp,
            cancellation
        );
}
