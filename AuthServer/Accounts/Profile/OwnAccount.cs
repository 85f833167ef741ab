using System.Security.Claims;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Language;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts.Profile;

/// <summary>The account of who is signed in: its name and language, and how to stay signed in when it has changed.</summary>
internal sealed class OwnAccount(AuthDb db, AuditLog audit, SessionCookie session, TrustedDevice device)
{
    /// <summary>
    /// The account in which this browser is signed in, with the security stamp that its session has; null when the session
    /// has ended since the request began.
    /// </summary>
    public async Task<Account?> FindAsync(ClaimsPrincipal user, CancellationToken cancellation)
    {
        var sessionId = SignIn.From(user)?.SessionId;
        return await db
            .Sessions.AsNoTracking()
            .Where(session => session.Id == sessionId && session.EndedAt == null)
            .Where(session => session.SecurityStamp == session.Account!.SecurityStamp)
            .Select(session => session.Account)
            .SingleOrDefaultAsync(cancellation);
    }

    /// <summary>Sets what is shown of the person and what they read; both have been checked.</summary>
    public async Task UpdateAsync(
        string accountId,
        string name,
        string? language,
        CancellationToken cancellation
    )
    {
        await db.ExclusivelyAsync(
            Turn.People,
            async token =>
            {
                // Only these two columns: whoever changes another one at this moment is not undone.
                await db
                    .Users.Where(account => account.Id == accountId)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(account => account.Name, name)
                                .SetProperty(account => account.Language, language),
                        token
                    );
                audit.Record(AuditEvent.UserUpdated, accountId: accountId);
                await db.SaveChangesAsync(token);
            },
            cancellation
        );
    }

    /// <summary>
    /// Signs this browser in again after a <see cref="SecurityChange"/> has signed everybody out. What the person had
    /// proved still counts, from when they proved it.
    /// </summary>
    public async Task StayAsync(HttpContext http, Account account)
    {
        var before = SignIn.From(http.User)!;
        await session.SignInAsync(http, account, before.Amr, before.AuthenticatedAt);
        device.Remember(http, account);
    }

    /// <summary>Lets this browser speak another language from now on.</summary>
    public static void Speak(HttpContext http, Account account) => LanguageCookie.Remember(http, account);
}
