using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>Decides whether an address and a password, as typed, are those of somebody who may sign in.</summary>
internal sealed class PasswordSignIn(
    UserManager<Account> users,
    IPasswordHasher<Account> hasher,
    AuthDb db,
    AuditLog audit,
    TimeProvider clock,
    IOptions<AccountsOptions> options
)
{
    private static readonly Account Nobody = new();

    /// <summary>
    /// The account; null for every reason alike. A success is recorded in the unit of work, which the session saves.
    /// </summary>
    public async Task<Account?> CheckAsync(string? email, string? password, CancellationToken cancellation)
    {
        var account = EmailAddress.TryParse(email, out var address)
            ? await users.FindByEmailAsync(address.Text)
            : null;

        // One comparison in every case, before any other question: the time tells nothing about the account.
        var hash = account?.PasswordHash ?? "";
        var verdict = hasher.VerifyHashedPassword(account ?? Nobody, hash, password ?? "");

        var refusal = Refusal(account, verdict);
        if (account is null || refusal is not null)
        {
            // Of what was typed only a keyed hash is kept: people type passwords into that field.
            var name = address?.Text ?? email;
            audit.Record(AuditEvent.Login, succeeded: false, account?.Id, reason: refusal, name: name);
            await db.SaveChangesAsync(cancellation);
            return null;
        }

        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            await RehashAsync(account, hash, password ?? "", cancellation);
        }

        audit.Record(AuditEvent.Login, accountId: account.Id);
        return account;
    }

    private string? Refusal(Account? account, PasswordVerificationResult verdict) =>
        account switch
        {
            null => "no such account",
            _ when verdict == PasswordVerificationResult.Failed => "wrong password",
            { DisabledAt: not null } => "disabled",
            _ when account.LockoutEnd > clock.GetUtcNow() => "locked",
            { EmailConfirmed: false } when options.Value.RequireConfirmedEmail => "address not confirmed",
            _ => null,
        };

    // Beside the unit of work, and only over the hash that was compared: a password changed meanwhile stays changed.
    private async Task RehashAsync(
        Account account,
        string old,
        string password,
        CancellationToken cancellation
    )
    {
        var hash = hasher.HashPassword(account, password);
        await db
            .Users.Where(user => user.Id == account.Id && user.PasswordHash == old)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, hash), cancellation);
    }
}
