using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Edge;
using AuthServer.Limits;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Accounts;

/// <summary>Gives an account another password: whatever was signed in with the old one ends with it, and the person is told.</summary>
internal sealed class NewPassword(
    PasswordRules rules,
    IPasswordHasher<Account> hasher,
    HashGate gate,
    SecurityChange change,
    AccountMail mail
)
{
    /// <summary>Sets it when it breaks no rule and, once nobody else can write, <paramref name="mayStill"/> says yes.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="password">As it was typed.</param>
    /// <param name="why">What is recorded.</param>
    /// <param name="mayStill">Asked with the account as it is then; may change more of it.</param>
    /// <param name="lane">Where the hash waits for its turn.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<PasswordAnswer> SetAsync(
        Account account,
        string? password,
        AuditEvent why,
        Func<Account, bool> mayStill,
        Lane lane,
        CancellationToken cancellation
    )
    {
        var broken = rules.Broken(password, [account.Name, account.Email ?? ""]);
        if (broken.Count > 0)
        {
            return new PasswordAnswer { Broken = string.Join(' ', broken) };
        }

        var hash = "";
        if (!await gate.TryRunAsync(lane, () => hash = hasher.HashPassword(account, password!), cancellation))
        {
            return new PasswordAnswer { Refusal = HashGate.Busy };
        }

        var changed = await change.TryAsync(
            account.Id,
            why,
            now =>
            {
                if (!mayStill(now))
                {
                    return false;
                }

                now.PasswordHash = hash;
                mail.PasswordChanged(now);
                return true;
            },
            cancellation
        );
        return new PasswordAnswer { Account = changed, IsGone = changed is null };
    }
}

/// <summary>What became of a new password.</summary>
internal sealed record PasswordAnswer
{
    /// <summary>The account as it is now; null when nothing was changed.</summary>
    public Account? Account { get; init; }

    /// <summary>The rules that it breaks, in words; null when none.</summary>
    public string? Broken { get; init; }

    /// <summary>Whether what allowed it is gone: the link is used or old, or the account deleted.</summary>
    public bool IsGone { get; init; }

    /// <summary>Why nothing was tried: 429 or 503; else null.</summary>
    public Refusal? Refusal { get; init; }
}
