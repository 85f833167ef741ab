using System.Data;
using System.Data.Common;
using Npgsql;

namespace AuthServer.Data.PostgreSql;

/// <summary>How a connection is had, newly made or from the pool.</summary>
internal static class Opening
{
    /// <summary>
    /// One that was not had in time is tried for once more, unless the breaker knows why: on a busy machine that is no sign of
    /// anything.
    /// </summary>
    public static async Task OpenAsync(
        this DbConnection connection,
        Breaker breaker,
        CancellationToken cancellation
    )
    {
        for (var isAgain = false; ; isAgain = true)
        {
            try
            {
                await connection.OpenAsync(cancellation);
                return;
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
