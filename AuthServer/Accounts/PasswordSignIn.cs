using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Limits;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>Decides whether an address and a password, as typed, are those of somebody who may sign in.</summary>
internal sealed class PasswordSignIn(
    UserManager<Account> users,
    IPasswordHasher<Account> hasher,
    HashGate gate,
    GuessBudget guesses,
    TrustedDevice device,
    AuthDb db,
    AuditLog audit,
    AccountsMeter meter,
    TimeProvider clock,
    IOptions<AccountsOptions> options
)
{
    private static readonly Account Nobody = new();

    /// <summary>
    /// Who it is. A guess is reserved before anything is compared, and given back when it was right or was not
    /// compared. A success is recorded in the unit of work, which the session saves.
    /// </summary>
    /// <param name="http">The browser's request.</param>
    /// <param name="email">As it was typed.</param>
    /// <param name="password">As it was typed.</param>
    /// <param name="cancellation">The request's.</param>
    /// <param name="isMailboxProven">Whether the link in the letter came with it, so that the address need not be confirmed before.</param>
    public async Task<SignInAnswer> CheckAsync(
        HttpContext http,
        string? email,
        string? password,
        CancellationToken cancellation,
        bool isMailboxProven = false
    )
    {
        var answer = await AnswerAsync(http, email, password, isMailboxProven, cancellation);
        meter.TriedPassword(answer);
        return answer;
    }

    private async Task<SignInAnswer> AnswerAsync(
        HttpContext http,
        string? email,
        string? password,
        bool isMailboxProven,
        CancellationToken cancellation
    )
    {
        var account = EmailAddress.TryParse(email, out var address)
            ? await users.FindByEmailAsync(address.Text)
            : null;
        var known = device.IdFor(http, account);
        var guess = await guesses.ReserveAsync(
            http.Connection.RemoteIpAddress,
            address?.Canonical ?? email ?? "",
            known,
            account?.Id
        );
        if (guess.Refusal is not null)
        {
            return new SignInAnswer(null, guess.Refusal);
        }

        var attempt = new Attempt(account, account?.PasswordHash ?? "", password ?? "", guess.Lane);
        var verdict = await VerifyAsync(attempt, guess, cancellation);
        if (verdict is null)
        {
            return new SignInAnswer(null, HashGate.Busy);
        }

        var refusal = ReasonAgainst(account, verdict.Value, isMailboxProven);
        if (account is null || refusal is not null)
        {
            // Of what was typed only a keyed hash is kept: people type passwords into that field.
            var name = address?.Text ?? email;
            audit.Record(AuditEvent.Login, succeeded: false, account?.Id, reason: refusal, name: name);
            await db.SaveChangesAsync(cancellation);
            return new SignInAnswer(null);
        }

        guess.WasRight();
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            await RehashAsync(account, attempt, cancellation);
        }

        audit.Record(AuditEvent.Login, accountId: account.Id);
        return new SignInAnswer(account);
    }

    // One comparison in every case, before any other question: the time tells nothing about the account. Null when
    // there was no room for it.
    private async Task<PasswordVerificationResult?> VerifyAsync(
        Attempt attempt,
        Guess guess,
        CancellationToken cancellation
    )
    {
        PasswordVerificationResult? verdict = null;
        var isCompared = false;
        try
        {
            await gate.TryRunAsync(
                attempt.Lane,
                () =>
                {
                    isCompared = true;
                    verdict = hasher.VerifyHashedPassword(
                        attempt.Account ?? Nobody,
                        attempt.Hash,
                        attempt.Password
                    );
                },
                cancellation
            );
            return verdict;
        }
        finally
        {
            if (!isCompared)
            {
                guess.WasNotCompared();
            }
        }
    }

    private string? ReasonAgainst(
        Account? account,
        PasswordVerificationResult verdict,
        bool isMailboxProven
    ) =>
        account switch
        {
            null => "no such account",
            _ when verdict == PasswordVerificationResult.Failed => "wrong password",
            { DisabledAt: not null } => "disabled",
            _ when account.LockoutEnd > clock.GetUtcNow() => "locked",
            { EmailConfirmed: false } when options.Value.RequireConfirmedEmail && !isMailboxProven =>
                "address not confirmed",
            _ => null,
        };

    // Beside the unit of work, and only over the hash that was compared: a password changed meanwhile stays changed.
    // Where there is no room for it now, the next sign-in does it.
    private async Task RehashAsync(Account account, Attempt attempt, CancellationToken cancellation)
    {
        var hash = "";
        if (
            await gate.TryRunAsync(
                attempt.Lane,
                () => hash = hasher.HashPassword(account, attempt.Password),
                cancellation
            )
        )
        {
            await db
                .Users.Where(user => user.Id == account.Id && user.PasswordHash == attempt.Hash)
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, hash), cancellation);
        }
    }

    private sealed record Attempt(Account? Account, string Hash, string Password, Lane Lane);
}
