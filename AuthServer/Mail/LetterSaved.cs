using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Mail;

/// <summary>Rings when a unit of work with a letter in it has come true: not before, for then nobody sees the letter.</summary>
internal sealed class LetterSaved(Doorbell doorbell) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, object> _waiting = [];

    public void Expect(DbContext db) => _waiting.AddOrUpdate(db, doorbell);

    public override ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        if (eventData.Context is { Database.CurrentTransaction: null } db)
        {
            Ring(db);
        }

        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        if (eventData.Context is { } db)
        {
            Ring(db);
        }

        return Task.CompletedTask;
    }

    private void Ring(DbContext db)
    {
        if (_waiting.Remove(db))
        {
            doorbell.Ring();
        }
    }
}
