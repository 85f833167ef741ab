using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Language;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Accounts.External;

/// <summary>
/// Makes, links and empties accounts on the word of a provider. Each change is one transaction with its links, letters
/// and audit rows; unique indexes decide between two who come at once.
/// </summary>
internal sealed class FederatedAccounts(
    AuthDb db,
    UserManager<Account> users,
    SessionRegistry sessions,
    FederationMail mail,
    AuditLog audit,
    TimeProvider clock
)
{
    private const string Nameless = "New user";

    /// <summary>A new account, confirmed, without a password.</summary>
    /// <param name="identity">Whose it is.</param>
    /// <param name="address">Its address, proved.</param>
    /// <param name="shell">An abandoned registration in whose place it comes; null when there is none.</param>
    /// <param name="cancellation">The request's.</param>
    /// <exception cref="DbUpdateException">Somebody else was faster.</exception>
    public async Task<Account> CreateAsync(
        ExternalIdentity identity,
        EmailAddress address,
        Account? shell,
        CancellationToken cancellation
    )
    {
        var account = new Account
        {
            UserName = address.Text,
            Email = address.Text,
            EmailConfirmed = true,
            Name = NameOf(identity, address),
            Language = Languages.Current,
            CreatedAt = clock.GetUtcNow().UtcDateTime,
        };
        await using var transaction = await db.BeginAsync(Turn.People, cancellation);
        if (shell is not null)
        {
            audit.Record(
                AuditEvent.UserRegistered,
                succeeded: false,
                shell.Id,
                reason: "never confirmed, deleted for the owner of the address"
            );
            await users.DeleteAsync(shell);
        }

        audit.Record(AuditEvent.UserRegistered, accountId: account.Id, reason: identity.Provider);
        await users.CreateAsync(account);
        Link(account, identity);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return account;
    }

    /// <summary>
    /// Empties a registration that nobody has confirmed, and links it: its maker may have been somebody else, who waits for
    /// the owner of the address to fill it. Nothing stays that lets them in.
    /// </summary>
    public async Task TakeOverAsync(
        Account shell,
        ExternalIdentity identity,
        EmailAddress address,
        CancellationToken cancellation
    )
    {
        await using var transaction = await db.BeginAsync(Turn.People, cancellation);
        await sessions.EndAllAsync(shell.Id, "taken over by the owner of the address", null, cancellation);
        await db
            .Authorizations.Where(family => family.Subject == shell.Id)
            .ExecuteUpdateAsync(
                set => set.SetProperty(family => family.Status, Statuses.Revoked),
                cancellation
            );
        await db.UserLogins.Where(login => login.UserId == shell.Id).ExecuteDeleteAsync(cancellation);
        await db.UserTokens.Where(token => token.UserId == shell.Id).ExecuteDeleteAsync(cancellation);
        await db.UserClaims.Where(claim => claim.UserId == shell.Id).ExecuteDeleteAsync(cancellation);
        await db.PendingIdentities.Where(row => row.AccountId == shell.Id).ExecuteDeleteAsync(cancellation);

        shell.PasswordHash = null;
        shell.PhoneNumber = null;
        shell.PhoneNumberConfirmed = false;
        shell.TwoFactorEnabled = false;
        shell.EmailConfirmed = true;
        shell.ResetId = null;
        shell.Language = Languages.Current;
        shell.Name = NameOf(identity, address);
        audit.Record(AuditEvent.UserConfirmed, accountId: shell.Id, reason: identity.Provider);
        Link(shell, identity);
        mail.TakenOver(shell);
        // Saves all of it; what was mailed for the account before dies with the stamp.
        if (!(await users.UpdateSecurityStampAsync(shell)).Succeeded)
        {
            throw new DbUpdateException("The account was changed meanwhile.");
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Adds the link to the unit of work, with its record.</summary>
    public void Link(Account account, ExternalIdentity identity)
    {
        db.UserLogins.Add(
            new IdentityUserLogin<string>
            {
                LoginProvider = identity.Issuer,
                ProviderKey = identity.Subject,
                ProviderDisplayName = identity.Email,
                UserId = account.Id,
            }
        );
        audit.Record(AuditEvent.FederationLinked, accountId: account.Id, reason: identity.Provider);
    }

    // As the provider says; else as the address says; else as nobody says.
    private static string NameOf(ExternalIdentity identity, EmailAddress address)
    {
        var local = address.Text[..address.Text.IndexOf('@', StringComparison.Ordinal)];
        string?[] names = [identity.Name, local.Replace('.', ' ').Replace('_', ' ')];
        return PersonName.Clean(names.FirstOrDefault(name => PersonName.Broken(name).Count == 0) ?? Nameless);
    }
}
