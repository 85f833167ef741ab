using System.Data.Common;
using System.Runtime.CompilerServices;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Audit;

/// <summary>
/// Writes the line of a row once the row is committed, and not before: what was rolled back did not happen.
/// </summary>
internal sealed class AuditLines(News news, AuditMetrics metrics, ILogger<AuditLines> logger)
    : DbTransactionInterceptor,
        ISaveChangesInterceptor,
        IDbConnectionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, Untold> _untold = [];

    /// <summary>The list in which the caller puts every row that it adds to this context.</summary>
    public List<AuditEntry> Follow(AuthDb db)
    {
        // A context is used again and again; what its last user never saved did not happen.
        var untold = new Untold([], []);
        _untold.AddOrUpdate(db, untold);
        return untold.Added;
    }

    public ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        if (Of(eventData.Context) is { Added.Count: > 0 } rows)
        {
            // The database has given a number to what it took.
            rows.Saved.AddRange(rows.Added.Where(row => row.Id != 0));
            rows.Added.RemoveAll(row => row.Id != 0);
            if (eventData.Context?.Database.CurrentTransaction is null)
            {
                Tell(rows);
            }
        }

        return ValueTask.FromResult(result);
    }

    public override Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Tell(Of(eventData.Context));
        return Task.CompletedTask;
    }

    public override Task TransactionRolledBackAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Of(eventData.Context)?.Saved.Clear();
        return Task.CompletedTask;
    }

    // A transaction that is dropped tells nobody; but EF closes the connection that it was on.
    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) =>
        Of(eventData.Context)?.Saved.Clear();

    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Of(eventData.Context)?.Saved.Clear();
        return Task.CompletedTask;
    }

    /// <summary>Tells of rows that are committed.</summary>
    public void Tell(IReadOnlyCollection<AuditEntry> rows)
    {
        foreach (var row in rows)
        {
            metrics.Recorded(row);
            EcsEvent.Of(row).WriteTo(logger);
        }

        if (rows.Count > 0)
        {
            news.Tell();
        }
    }

    private void Tell(Untold? rows)
    {
        if (rows is not null)
        {
            Tell(rows.Saved);
            rows.Saved.Clear();
        }
    }

    private Untold? Of(DbContext? context) =>
        context is not null && _untold.TryGetValue(context, out var rows) ? rows : null;

    private sealed record Untold(List<AuditEntry> Added, List<AuditEntry> Saved);
}
