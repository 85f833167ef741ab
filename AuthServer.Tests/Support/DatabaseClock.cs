using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Tests.Support;

/// <summary>Lets the clock of PostgreSQL show what the clock of the test shows.</summary>
internal sealed class DatabaseClock(TimeProvider clock) : DbCommandInterceptor
{
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        if (command.CommandText.Contains("clock_timestamp()", StringComparison.Ordinal))
        {
            var now = clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
            command.CommandText = command.CommandText.Replace(
                "clock_timestamp()",
                $"TIMESTAMPTZ '{now}+00'",
                StringComparison.Ordinal
            );
        }

        return ValueTask.FromResult(result);
    }
}
