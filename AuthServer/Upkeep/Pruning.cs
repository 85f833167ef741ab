using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Upkeep;

/// <summary>
/// Clears away what has expired, a batch at a time: each is one short transaction that finds its rows by an index. A used
/// token expires with its family, so that a replay is known for what it is as long as it could do harm.
/// </summary>
internal sealed class Pruning(AuthDb db, TimeProvider clock)
{
    /// <summary>Rows in one transaction: few, for on SQLite everybody else who writes waits for it.</summary>
    public const int Batch = 500;

    /// <summary>How long after its end a row is removed: several times what the clocks of two machines may differ by.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    /// <summary>Removes expired tokens, and the families and sessions that nothing hangs on any more.</summary>
    public async Task<Pruned> PruneTokensAsync(CancellationToken cancellation)
    {
        var due = await DueAsync(cancellation);
        await using var turn = await db.BeginAsync(Turn.Upkeep, cancellation);
        var expired = await db
            .Tokens.Where(token => token.ExpirationDate < due)
            .OrderBy(token => token.ExpirationDate)
            .Take(Batch)
            .Select(token => new
            {
                token.Id,
                FamilyId = token.Authorization!.Id,
                token.ExpirationDate,
            })
            .ToListAsync(cancellation);
        var tokens = expired.ConvertAll(token => token.Id);
        var removed = await db
            .Tokens.Where(token => tokens.Contains(token.Id))
            .ExecuteDeleteAsync(cancellation);
        var families = expired.Select(token => token.FamilyId).OfType<string>().Distinct().ToList();
        removed += await RemoveEmptyAsync(families, due, cancellation);
        await turn.CommitAsync(cancellation);
        var behind = expired.Count == 0 ? TimeSpan.Zero : due - expired[0].ExpirationDate!.Value;
        return new Pruned(removed, expired.Count == Batch, behind);
    }

    /// <summary>Removes sessions that have expired since <paramref name="since"/> and on which no family hangs.</summary>
    /// <returns>And until when all have been looked at. A session that stays goes with its last family.</returns>
    public async Task<(Pruned Pruned, DateTime Until)> PruneSessionsAsync(
        DateTime since,
        CancellationToken cancellation
    )
    {
        var due = await DueAsync(cancellation);
        await using var turn = await db.BeginAsync(Turn.Upkeep, cancellation);
        var expired = await db
            .Sessions.Where(session => session.ExpiresAt >= since && session.ExpiresAt < due)
            .OrderBy(session => session.ExpiresAt)
            .Take(Batch)
            .Select(session => new { session.Id, session.ExpiresAt })
            .ToListAsync(cancellation);
        var sessions = expired.ConvertAll(session => session.Id);
        // Those that were begun and never got a token: the browser went away, or the request was lost.
        var removed = await db
            .Authorizations.Where(family => sessions.Contains(family.SessionId!))
            .Where(family => family.Type == AuthorizationTypes.AdHoc && !family.Tokens.Any())
            .ExecuteDeleteAsync(cancellation);
        removed += await RemoveUnusedAsync(sessions, due, cancellation);
        await turn.CommitAsync(cancellation);
        return expired.Count < Batch
            ? (new Pruned(removed, HasMore: false), due)
            : (new Pruned(removed, HasMore: true), expired[^1].ExpiresAt);
    }

    /// <summary>Removes identities of other providers that nobody came back for.</summary>
    public async Task<Pruned> PruneIdentitiesAsync(CancellationToken cancellation)
    {
        var due = await DueAsync(cancellation);
        await using var turn = await db.BeginAsync(Turn.Upkeep, cancellation);
        var expired = await db
            .PendingIdentities.Where(pending => pending.ExpiresAt < due)
            .OrderBy(pending => pending.ExpiresAt)
            .Take(Batch)
            .Select(pending => pending.Id)
            .ToListAsync(cancellation);
        var removed = await db
            .PendingIdentities.Where(pending => expired.Contains(pending.Id))
            .ExecuteDeleteAsync(cancellation);
        await turn.CommitAsync(cancellation);
        return new Pruned(removed, expired.Count == Batch);
    }

    private async Task<int> RemoveEmptyAsync(
        List<string> families,
        DateTime due,
        CancellationToken cancellation
    )
    {
        // A consent has no tokens of its own, and stays.
        var empty = await db
            .Authorizations.Where(family => families.Contains(family.Id!))
            .Where(family => family.Type == AuthorizationTypes.AdHoc && !family.Tokens.Any())
            .Select(family => new { family.Id, family.SessionId })
            .ToListAsync(cancellation);
        var ids = empty.ConvertAll(family => family.Id);
        var removed = await db
            .Authorizations.Where(family => ids.Contains(family.Id))
            .ExecuteDeleteAsync(cancellation);
        var sessions = empty.Select(family => family.SessionId).OfType<string>().Distinct().ToList();
        return removed + await RemoveUnusedAsync(sessions, due, cancellation);
    }

    private Task<int> RemoveUnusedAsync(
        List<string> sessions,
        DateTime due,
        CancellationToken cancellation
    ) =>
        db
            .Sessions.Where(session => sessions.Contains(session.Id) && session.ExpiresAt < due)
            .Where(session => !db.Authorizations.Any(family => family.SessionId == session.Id))
            .ExecuteDeleteAsync(cancellation);

    private async Task<DateTime> DueAsync(CancellationToken cancellation) =>
        await db.NowAsync(clock, cancellation) - Margin;
}

/// <summary>What became of a batch.</summary>
/// <param name="Removed">Rows.</param>
/// <param name="HasMore">Whether there may be more to remove.</param>
/// <param name="Behind">How long ago the oldest of them should have been removed.</param>
internal sealed record Pruned(int Removed, bool HasMore, TimeSpan Behind = default);
