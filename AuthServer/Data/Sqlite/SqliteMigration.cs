using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data.Sqlite;

/// <summary>Brings a SQLite file to this version, whichever state a start before this one left it in.</summary>
internal sealed class SqliteMigration(AuthDb db, SqliteDatabase database)
{
    /// <summary>Seconds that the start waits for another program to let go of the file.</summary>
    private const int StartTimeout = 5;

    private const string AskForTables = """
        SELECT EXISTS (
          SELECT 1 FROM sqlite_master
          WHERE type = 'table' AND name NOT LIKE '\_\_EFMigrations%' ESCAPE '\' AND name NOT LIKE 'sqlite\_%' ESCAPE '\')
        """;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var hasTables = await TryToWriteAsync(cancellation);
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellation)).ToHashSet(
            StringComparer.Ordinal
        );
        RefuseForeign(hasTables, applied);
        if (!applied.IsSupersetOf(db.Database.GetMigrations()))
        {
            await MigrateAsync(cancellation);
        }

        // Readers and the writer do not wait for each other. The file remembers it.
        await db.Database.ExecuteSqlAsync($"PRAGMA journal_mode = 'wal'", cancellation);
    }

    // Asked first and briefly: a request may wait longer for its turn than an operator for an answer. Tells whether there are
    // tables, before it is asked what has been applied: those that another instance makes meanwhile come with their history.
    private async Task<bool> TryToWriteAsync(CancellationToken cancellation)
    {
        var settings = new SqliteConnectionStringBuilder(database.ConnectionString)
        {
            DefaultTimeout = StartTimeout,
            Pooling = false,
        };
        await using var connection = new SqliteConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = AskForTables;
        var hasTables = await command.ExecuteScalarAsync(cancellation) is 1L;
        // A file that may only be read refuses no transaction, but what is written in it.
        command.CommandText = "CREATE TABLE may_write (it INTEGER)";
        await command.ExecuteNonQueryAsync(cancellation);
        await transaction.RollbackAsync(cancellation);
        return hasTables;
    }

    private void RefuseForeign(bool hasTables, HashSet<string> applied)
    {
        if (applied.Count == 0 && hasTables)
        {
            throw new StartupException(
                $"The database '{database.Path}' belongs to another program: set Data:ConnectionString to a file of this server's own."
            );
        }

        if (applied.Except(db.Database.GetMigrations(), StringComparer.Ordinal).Any())
        {
            throw new StartupException(
                $"The database '{database.Path}' was written by a newer version of the server: start that version, or restore the backup from before the upgrade."
            );
        }
    }

    // EF's own lock is a row, which a process that dies while migrating leaves behind for ever. Ours ends with the
    // process, so whoever holds it may clear that row away.
    private Task MigrateAsync(CancellationToken cancellation) =>
        database.AloneAsync(
            async () =>
            {
                await db.Database.ExecuteSqlAsync(
                    $"DROP TABLE IF EXISTS \"__EFMigrationsLock\"",
                    cancellation
                );
                await db.Database.MigrateAsync(cancellation);
            },
            cancellation
        );
}
