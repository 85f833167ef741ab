using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AuthServer.Data.PostgreSql;

/// <summary>Lets everything that EF asks the database pass through the <see cref="Breaker"/>.</summary>
internal sealed class Guarded(Breaker breaker)
    : DbCommandInterceptor,
        IDbConnectionInterceptor,
        IDbTransactionInterceptor
{
    public async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection,
        ConnectionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        if (!result.IsSuppressed)
        {
            await breaker.RunAsync(token => OpenAsync(connection, token), cancellationToken);
        }

        return InterceptionResult.Suppress();
    }

    public InterceptionResult ConnectionOpening(
        DbConnection connection,
        ConnectionEventData eventData,
        InterceptionResult result
    ) => breaker.IsOpen ? throw Breaker.Away() : result;

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    ) =>
        result.HasResult
            ? result
            : InterceptionResult<DbDataReader>.SuppressWithResult(
                await breaker.RunAsync(command.ExecuteReaderAsync, cancellationToken)
            );

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    ) =>
        result.HasResult
            ? result
            : InterceptionResult<int>.SuppressWithResult(
                await breaker.RunAsync(command.ExecuteNonQueryAsync, cancellationToken)
            );

    public async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction,
        TransactionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        if (!result.IsSuppressed)
        {
            await breaker.RunAsync(
                async token =>
                {
                    await transaction.CommitAsync(token);
                    return true;
                },
                cancellationToken
            );
        }

        return InterceptionResult.Suppress();
    }

    // One that was not made in time is tried for once more: on a busy machine that is no sign of anything.
    private async Task<bool> OpenAsync(DbConnection connection, CancellationToken cancellation)
    {
        for (var isAgain = false; ; isAgain = true)
        {
            try
            {
                await connection.OpenAsync(cancellation);
                return true;
            }
            catch (NpgsqlException exception)
                when (exception.InnerException is TimeoutException
                    && !isAgain
                    && !breaker.IsOpen
                    && connection.State == ConnectionState.Closed
                )
            {
                // Again.
            }
        }
    }
}
