using System.Security.Cryptography;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Sessions;

/// <summary>Opens, lists and ends sign-ins, with everything that hangs on them. It is told who and why, and asks nobody.</summary>
internal sealed class SessionRegistry(
    AuthDb db,
    AuditLog audit,
    TimeProvider clock,
    IOptions<SessionsOptions> options
)
{
    /// <summary>Adds a session for an account that has just proved itself; saved with the caller's unit of work.</summary>
    /// <param name="account">Who.</param>
    /// <param name="amr">How, as RFC 8176 names it: <c>pwd</c>, <c>otp</c>, <c>hwk</c>.</param>
    /// <param name="http">The browser's request, for its address and name.</param>
    /// <param name="provedAt">When the account proved itself, if not just now.</param>
    public Session Open(
        Account account,
        IReadOnlyList<string> amr,
        HttpContext http,
        DateTimeOffset? provedAt
    )
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var userAgent = http.Request.Headers.UserAgent.ToString();
        var session = new Session
        {
            Id = Base64UrlTextEncoder.Encode(RandomNumberGenerator.GetBytes(32)),
            AccountId = account.Id,
            SecurityStamp = account.SecurityStamp ?? "",
            AuthenticatedAt = provedAt?.UtcDateTime ?? now,
            LastSeenAt = now,
            ExpiresAt = now + options.Value.AbsoluteLifetime,
            Amr = string.Join(' ', amr),
            Address = http.Connection.RemoteIpAddress?.ToString(),
            UserAgent = Text.Cut(userAgent, 256),
        };
        db.Sessions.Add(session);
        audit.Record(AuditEvent.SessionStarted, accountId: account.Id, sessionId: session.Id);
        return session;
    }

    /// <summary>The sessions of an account in which somebody is signed in, the latest seen first.</summary>
    public Task<List<Session>> ListAsync(string accountId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var idle = now - options.Value.IdleTimeout;
        return db
            .Sessions.AsNoTracking()
            .Where(s => s.AccountId == accountId && s.EndedAt == null && s.ExpiresAt > now)
            .Where(s => s.LastSeenAt > idle && s.Account!.SecurityStamp == s.SecurityStamp)
            .OrderByDescending(s => s.LastSeenAt)
            .ToListAsync(cancellation);
    }

    /// <summary>Ends one session of an account; does nothing to anybody else's.</summary>
    public Task EndOwnAsync(
        string accountId,
        string sessionId,
        string reason,
        CancellationToken cancellation
    ) =>
        EndAsync(
            db.Sessions.Where(session => session.Id == sessionId && session.AccountId == accountId),
            AuditEvent.SessionKilled,
            reason,
            cancellation
        );

    /// <summary>Ends one session and the families that hang on it. Does nothing to one that has ended.</summary>
    public Task EndAsync(string sessionId, string reason, CancellationToken cancellation) =>
        EndAsync(
            db.Sessions.Where(session => session.Id == sessionId),
            AuditEvent.SessionEnded,
            reason,
            cancellation
        );

    /// <summary>Ends every session of an account, but for <paramref name="exceptSessionId"/>.</summary>
    public Task EndAllAsync(
        string accountId,
        string reason,
        string? exceptSessionId,
        CancellationToken cancellation
    ) =>
        EndAsync(
            db.Sessions.Where(session => session.AccountId == accountId && session.Id != exceptSessionId),
            AuditEvent.SessionKilled,
            reason,
            cancellation
        );

    /// <summary>
    /// Lets <paramref name="next"/> take the place of the session that the same browser had. The families of the
    /// same person go on under the new session; those of anybody else end with the old one.
    /// </summary>
    public async Task ReplaceAsync(string previousId, Session next, CancellationToken cancellation)
    {
        await db
            .Authorizations.Where(family =>
                family.SessionId == previousId && family.Subject == next.AccountId
            )
            .ExecuteUpdateAsync(set => set.SetProperty(family => family.SessionId, next.Id), cancellation);
        await EndAsync(previousId, "signed in anew", cancellation);
    }

    private async Task EndAsync(
        IQueryable<Session> sessions,
        AuditEvent what,
        string reason,
        CancellationToken cancellation
    )
    {
        await using var transaction = db.Database.CurrentTransaction is null
            ? await db.Database.BeginTransactionAsync(cancellation)
            : null;
        await db.TakeTurnAsync(Turn.Sessions, cancellation);

        foreach (
            var session in await sessions
                .AsNoTracking()
                .Where(session => session.EndedAt == null)
                .ToListAsync(cancellation)
        )
        {
            // A row that is cleared away meanwhile is as good as ended.
            await db
                .Sessions.Where(row => row.Id == session.Id)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.EndedAt, clock.GetUtcNow().UtcDateTime),
                    cancellation
                );
            audit.Record(what, accountId: session.AccountId, sessionId: session.Id, reason: reason);
            await db
                .Authorizations.Where(family => family.SessionId == session.Id)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(family => family.Status, Statuses.Revoked),
                    cancellation
                );
        }

        await db.SaveChangesAsync(cancellation);
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellation);
        }
    }
}
