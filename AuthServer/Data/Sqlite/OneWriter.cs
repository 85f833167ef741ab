using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Data.Sqlite;

/// <summary>
/// Lets the transactions of this process write one after the other. SQLite has one writer anyway, and its driver
/// waits for it by blocking threads: fifty refreshes at once would leave no thread to read the next request with.
/// </summary>
internal sealed class OneWriter : DbTransactionInterceptor, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConditionalWeakTable<DbConnection, object> _holders = [];

    public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default
    )
    {
        if (!await _turn.WaitAsync(Patience, cancellationToken))
        {
            throw TooLong();
        }

        try
        {
            // Begun here rather than by EF, which would tell nobody that it failed.
            var transaction = await connection.BeginTransactionAsync(
                eventData.IsolationLevel,
                cancellationToken
            );
            _holders.Add(connection, _turn);
            connection.StateChange += OnStateChange;
            return InterceptionResult<DbTransaction>.SuppressWithResult(transaction);
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    /// <summary>Takes the turn for what does not pass through EF, on a thread of its own; <see cref="Leave"/> gives it back.</summary>
    /// <exception cref="DbUpdateException">The writer before took too long.</exception>
    public void Enter()
    {
        // In the line with all others: who waits by blocking is overtaken by whoever comes back at once for another turn.
        if (!_turn.WaitAsync(Patience).GetAwaiter().GetResult())
        {
            throw TooLong();
        }
    }

    public void Leave() => _turn.Release();

    public override Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Release(eventData.Context!.Database.GetDbConnection());
        return Task.CompletedTask;
    }

    public void Dispose() => _turn.Dispose();

    private static DbUpdateException TooLong() =>
        new("The writer before this one took too long. Nothing was changed.");

    private void Release(DbConnection connection)
    {
        if (_holders.Remove(connection))
        {
            connection.StateChange -= OnStateChange;
            _turn.Release();
        }
    }

    // A transaction that is dropped tells nobody, and EF does not always tell that it closes the connection of a context
    // whose request was given up: the connection itself does.
    private void OnStateChange(object sender, StateChangeEventArgs change)
    {
        if (change.CurrentState != ConnectionState.Open)
        {
            Release((DbConnection)sender);
        }
    }
}
