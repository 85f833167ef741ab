using Microsoft.EntityFrameworkCore.Storage;

namespace AuthServer.Data;

/// <summary>Work that must not be done by two at once, here or on another instance.</summary>
internal static class ExclusiveWork
{
    /// <summary>Begins a transaction in which nobody else has this turn.</summary>
    public static async Task<IDbContextTransaction> BeginAsync(
        this AuthDb db,
        Turn turn,
        CancellationToken cancellation
    )
    {
        var transaction = await db.Database.BeginTransactionAsync(cancellation);
        try
        {
            await db.TakeTurnAsync(turn, cancellation);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> in one transaction that has the turn, and commits it.</summary>
    public static async Task ExclusivelyAsync(
        this AuthDb db,
        Turn turn,
        Func<CancellationToken, Task> work,
        CancellationToken cancellation
    )
    {
        await using var transaction = await db.BeginAsync(turn, cancellation);
        await work(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
