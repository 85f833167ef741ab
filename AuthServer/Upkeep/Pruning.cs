using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Upkeep;

/// <summary>
/// Clears away what has expired, a batch at a time: each is one short transaction that finds its rows by an index. A used
/// token expires with its family, so that a replay is known for what it is as long as it could do harm.
/// </summary>
internal sealed class Pruning(AuthDb db, UpkeepMeter meter, TimeProvider clock)
{
    /// <summary>Rows in one transaction: few, for on SQLite everybody else who writes waits for it.</summary>
    public const int Batch = 500;

    // Several times what the clocks of two machines may differ by.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    /// <summary>Removes expired tokens, and the families and sessions that nothing hangs on any more.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> PruneTokensAsync(CancellationToken cancellation)
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
        meter.Behind(expired.Count == 0 ? TimeSpan.Zero : due - expired[0].ExpirationDate!.Value);

        var tokens = expired.ConvertAll(token => token.Id);
        var removed = await db
            .Tokens.Where(token => tokens.Contains(token.Id))
            .ExecuteDeleteAsync(cancellation);
        var families = expired.Select(token => token.FamilyId).OfType<string>().Distinct().ToList();
        removed += await RemoveEmptyAsync(families, due, cancellation);
        await turn.CommitAsync(cancellation);
        meter.Removed(removed);
        return expired.Count == Batch;
    }

    /// <summary>Removes sessions that have expired since <paramref name="since"/> and on which no family hangs.</summary>
    /// <returns>Until when all have been looked at, and whether there may be more. One that stays goes with its last family.</returns>
    public async Task<(DateTime Until, bool HasMore)> PruneSessionsAsync(
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
        meter.Removed(await RemoveUnusedAsync(sessions, due, cancellation));
        await turn.CommitAsync(cancellation);
        return expired.Count < Batch ? (due, false) : (expired[^1].ExpiresAt, true);
    }

    /// <summary>Removes identities of other providers that nobody came back for.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> PruneIdentitiesAsync(CancellationToken cancellation)
    {
        var due = await DueAsync(cancellation);
        await using var turn = await db.BeginAsync(Turn.Upkeep, cancellation);
        var expired = await db
            .PendingIdentities.Where(pending => pending.ExpiresAt < due)
            .OrderBy(pending => pending.ExpiresAt)
            .Take(Batch)
            .Select(pending => pending.Id)
            .ToListAsync(cancellation);
        meter.Removed(
            await db
                .PendingIdentities.Where(pending => expired.Contains(pending.Id))
                .ExecuteDeleteAsync(cancellation)
        );
        await turn.CommitAsync(cancellation);
        return expired.Count == Batch;
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
