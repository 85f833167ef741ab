using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data.PostgreSql;

/// <summary>Brings a PostgreSQL database to this version, while no other instance does. All of it is one transaction.</summary>
internal sealed class PostgreSqlMigration(AuthDb db)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        try
        {
            await RefuseForeignAsync(cancellation);
            if ((await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
            {
                await MigrateAsync(cancellation);
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private async Task RefuseForeignAsync(CancellationToken cancellation)
    {
        var tables = await db
            .Database.SqlQuery<int>(
                $"""
                SELECT count(*)::int AS "Value" FROM information_schema.tables
                WHERE table_schema = current_schema() AND table_name NOT LIKE '\_\_EFMigrations%'
                """
            )
            .SingleAsync(cancellation);
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
        var name = db.Database.GetDbConnection().Database;
        if (applied.Count == 0 && tables > 0)
        {
            throw new StartupException(
                $"The database '{name}' belongs to another program: set Data:ConnectionString to a database of this server's own."
            );
        }

        if (applied.Except(db.Database.GetMigrations(), StringComparer.Ordinal).Any())
        {
            throw new StartupException(
                $"The database '{name}' was written by a newer version of the server, or by another program: start that version, or restore the backup from before the upgrade."
            );
        }
    }

    // What requests are held to is too short for a table that is rebuilt.
    private async Task MigrateAsync(CancellationToken cancellation)
    {
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await db.Database.ExecuteSqlAsync(
            $"SET statement_timeout = 0; SET lock_timeout = '60s'; SET idle_in_transaction_session_timeout = 0",
            cancellation
        );
        await db.Database.MigrateAsync(cancellation);
        // The connection goes back to requests. When we do not get here, the start has failed.
        await db.Database.ExecuteSqlAsync(
            $"RESET statement_timeout; RESET lock_timeout; RESET idle_in_transaction_session_timeout",
            cancellation
        );
    }
}
