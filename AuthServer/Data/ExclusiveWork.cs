namespace AuthServer.Data;

/// <summary>Work that must not be done by two instances at once.</summary>
internal static class ExclusiveWork
{
    /// <summary>Runs <paramref name="work"/> in one transaction that no other writer can interleave with, and commits it.</summary>
    public static async Task ExclusivelyAsync(
        this AuthDb db,
        Func<CancellationToken, Task> work,
        CancellationToken cancellation
    )
    {
        // On SQLite a transaction takes the one write lock when it begins (BEGIN IMMEDIATE).
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await work(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
