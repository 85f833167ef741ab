using System.Data.Common;
using System.Diagnostics;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Connect;

/// <summary>A server whose database fails, or waits, at the point that a test names.</summary>
public sealed class FailingServer : Server
{
    internal Failpoint Failpoint { get; } = new();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services => services.AddSingleton<IInterceptor>(Failpoint));
        Statements.Before = Failpoint.SpringAsync;
    }
}

/// <summary>Stands in the way of one statement, once.</summary>
internal sealed class Failpoint : IDbCommandInterceptor, IDbTransactionInterceptor
{
    public const string Commit = WatchedStatements.Commit;

    private Trap? _trap;

    /// <summary>Lets the statement number <paramref name="skip"/> + 1 from now that contains all of the words fail.</summary>
    public void Fail(int skip, params string[] words) =>
        _trap = new Trap(words, skip, _ => throw new SqliteException("disk I/O error", 10));

    /// <summary>Holds the statement back until <paramref name="resume"/> is done; the result is done when it has come.</summary>
    public Task HoldAsync(Task resume, params string[] words)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _trap = new Trap(
            words,
            0,
            async cancellation =>
            {
                reached.SetResult();
                await resume;
                cancellation.ThrowIfCancellationRequested();
            }
        );
        return reached.Task;
    }

    /// <summary>Whether the statement came.</summary>
    public bool HasSprung => _trap is null;

    public async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        await SpringAsync(command.CommandText, cancellationToken);
        return result;
    }

    public async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        await SpringAsync(command.CommandText, cancellationToken);
        return result;
    }

    public async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction,
        TransactionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        await SpringAsync(Commit, cancellationToken);
        return result;
    }

    /// <summary>Called with each statement that is about to run.</summary>
    public async Task SpringAsync(string statement, CancellationToken cancellation)
    {
        if (
            _trap is { } trap
            // In a request: what the server does behind them is not what the test waits for.
            && Activity.Current is not null
            && trap.Words.All(word => statement.Contains(word, StringComparison.Ordinal))
            && Interlocked.Decrement(ref trap.Left) < 0
            && Interlocked.CompareExchange(ref _trap, null, trap) == trap
        )
        {
            await trap.Act(cancellation);
        }
    }

    private sealed class Trap(string[] words, int skip, Func<CancellationToken, Task> act)
    {
        public int Left = skip;

        public string[] Words => words;

        public Func<CancellationToken, Task> Act => act;
    }
}
