using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

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
            await breaker.RunAsync(
                async token =>
                {
                    await connection.OpenAsync(breaker, token);
                    return true;
                },
                cancellationToken
            );
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
}
