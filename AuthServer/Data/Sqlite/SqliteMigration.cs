using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AuthServer.Data.Sqlite;

/// <summary>Brings a SQLite file to this version, whichever state a start before this one left it in.</summary>
internal sealed class SqliteMigration(Lazy<AuthDb> db, SqliteDatabase database)
{
    /// <summary>Seconds that the start waits for another program to let go of the file.</summary>
    private const int StartTimeout = 5;

    private const string AskForTables = """
        SELECT EXISTS (
          SELECT 1 FROM sqlite_master
          WHERE type = 'table' AND name NOT LIKE '\_\_EFMigrations%' ESCAPE '\' AND name NOT LIKE 'sqlite\_%' ESCAPE '\')
        """;

    private const string AskForHistory =
        "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsHistory')";

    // Readers and the writer do not wait for each other. The file remembers it.
    private const string UseLog = "PRAGMA journal_mode = 'wal'";

    public async Task RunAsync(CancellationToken cancellation)
    {
        var settings = new SqliteConnectionStringBuilder(database.ConnectionString)
        {
            DefaultTimeout = StartTimeout,
            Pooling = false,
        };
        await using var connection = new SqliteConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        var hasTables = await TryToWriteAsync(command, cancellation);
        if (!await IsCurrentAsync(command, cancellation))
        {
            await BringAsync(hasTables, cancellation);
        }

        command.CommandText = UseLog;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    // Nearly always there is nothing to do.
    private async Task<bool> IsCurrentAsync(SqliteCommand command, CancellationToken cancellation)
    {
        command.CommandText = AskForHistory;
        if (await command.ExecuteScalarAsync(cancellation) is not 1L)
        {
            return false;
        }

        command.CommandText = Schema.AskForMigrations;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) && database.Schema.IsIn(reader);
    }

    private async Task BringAsync(bool hasTables, CancellationToken cancellation)
    {
        var applied = (await Database.GetAppliedMigrationsAsync(cancellation)).ToHashSet(
            StringComparer.Ordinal
        );
        RefuseForeign(hasTables, applied);
        if (!applied.IsSupersetOf(Database.GetMigrations()))
        {
            await MigrateAsync(cancellation);
        }
    }

    // Asked first and briefly: a request may wait longer for its turn than an operator for an answer. Tells whether there are
    // tables, before it is asked what has been applied: those that another instance makes meanwhile come with their history.
    private static async Task<bool> TryToWriteAsync(SqliteCommand command, CancellationToken cancellation)
    {
        await using var transaction = await command.Connection!.BeginTransactionAsync(cancellation);
        command.Transaction = (SqliteTransaction)transaction;
        command.CommandText = AskForTables;
        var hasTables = await command.ExecuteScalarAsync(cancellation) is 1L;
        // A file that may only be read refuses no transaction, but what is written in it.
        command.CommandText = "CREATE TABLE may_write (it INTEGER)";
        await command.ExecuteNonQueryAsync(cancellation);
        await transaction.RollbackAsync(cancellation);
        command.Transaction = null;
        return hasTables;
    }

    private DatabaseFacade Database => db.Value.Database;

    private void RefuseForeign(bool hasTables, HashSet<string> applied)
    {
        if (applied.Count == 0 && hasTables)
        {
            throw new StartupException(
                $"The database '{database.Path}' belongs to another program: set Data:ConnectionString to a file of this server's own."
            );
        }

        if (applied.Except(Database.GetMigrations(), StringComparer.Ordinal).Any())
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
                await Database.ExecuteSqlAsync($"DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation);
                await Database.MigrateAsync(cancellation);
            },
            cancellation
        );
}
