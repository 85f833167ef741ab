using AuthServer.Data.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data.Copy;

/// <summary>The SQLite file that is copied: nobody else reads or writes it meanwhile, and nothing is changed in it.</summary>
internal sealed class CopySource : IAsyncDisposable
{
    /// <summary>Seconds that another program has to let go of the file.</summary>
    private const int Timeout = 5;

    private const int Busy = 5;

    private readonly SqliteConnection _connection;

    private CopySource(SqliteConnection connection)
    {
        _connection = connection;
        Db = new(new DbContextOptionsBuilder<SqliteAuthDb>().UseSqlite(connection).Options);
    }

    public SqliteAuthDb Db { get; }

    /// <summary>Takes the file for itself until it is disposed of.</summary>
    /// <exception cref="StartupException">It is missing, used by another process, or not of this version's making.</exception>
    public static async Task<CopySource> OpenAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            throw new StartupException(
                $"There is no file '{file}': set --from to the path of the SQLite database, such as /data/authserver.db."
            );
        }

        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = Timeout,
        };
        var source = new CopySource(new SqliteConnection(settings.ConnectionString));
        try
        {
            await source.HoldAsync(cancellation);
            await source.RefuseForeignAsync(file, cancellation);
            return source;
        }
        catch (SqliteException exception)
        {
            await source.DisposeAsync();
            throw Explained(exception, file);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>The failure of the file as a sentence for an operator.</summary>
    public static StartupException Explained(SqliteException exception, string file) =>
        new(
            exception.SqliteErrorCode == Busy
                ? $"The database '{file}' is in use: stop the server that runs on it, and start it no more once it is copied."
                : $"The database '{file}' cannot be copied ({exception.Message.TrimEnd('.')}): make it and its folder writable for this user, or restore it from your backup.",
            exception
        );

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        await _connection.DisposeAsync();
    }

    // The write lock alone would let a server through that is idle just now: it would write after we are done, and what
    // it writes would be lost. In this mode the lock is had only when no other process has the file open.
    private async Task HoldAsync(CancellationToken cancellation)
    {
        await _connection.OpenAsync(cancellation);
        await using (var command = _connection.CreateCommand())
        {
            command.CommandText = "PRAGMA locking_mode = EXCLUSIVE";
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await Db.Database.BeginTransactionAsync(cancellation);
    }

    private async Task RefuseForeignAsync(string file, CancellationToken cancellation)
    {
        var applied = (await Db.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
        if (applied.Count == 0)
        {
            throw new StartupException(
                $"The database '{file}' is not one of this server: set --from to the file that it was served from."
            );
        }

        if (applied.Except(Db.Database.GetMigrations(), StringComparer.Ordinal).Any())
        {
            throw new StartupException(
                $"The database '{file}' was written by a newer version of the server: copy it with that version."
            );
        }
    }
}
