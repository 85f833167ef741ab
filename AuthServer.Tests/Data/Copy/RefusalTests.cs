using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AuthServer.Tests.Data.Copy;

/// <summary>What is not copied, and the one line that says why.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private readonly LivedIn _former = new();
    private readonly Folder _folder = new();
    private string _database = "";

    public async Task InitializeAsync()
    {
        if (PostgreSqlServer.ReasonToSkip is null)
        {
            _database = await PostgreSqlServer.NewDatabaseAsync();
            await _former.LiveAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (PostgreSqlServer.ReasonToSkip is null)
        {
            await PostgreSqlServer.DropAsync(_database);
        }

        await _former.DisposeAsync();
        _folder.Dispose();
    }

    [PostgreSqlFact]
    public async Task A_source_that_is_not_there_or_not_of_this_version()
    {
        var foreign = _folder.At("foreign.db");
        await ExecuteAsync(foreign, "CREATE TABLE invoices (id INTEGER)");
        var newer = Twin("newer.db");
        await ExecuteAsync(
            newer,
            "INSERT INTO __EFMigrationsHistory VALUES ('29991231235959_Future', '99.0.0')"
        );
        var older = Twin("older.db");
        await ExecuteAsync(
            older,
            "DELETE FROM __EFMigrationsHistory WHERE MigrationId = (SELECT MAX(MigrationId) FROM __EFMigrationsHistory)"
        );
        var broken = _folder.Write("broken.db", new string('x', 4096));

        Assert.StartsWith("There is no file", await RefusalAsync(_folder.At("none.db")), Ordinal);
        Assert.Contains("is not one of this server", await RefusalAsync(foreign), Ordinal);
        Assert.Contains("was written by a newer version", await RefusalAsync(newer), Ordinal);
        Assert.Contains("is not at this version", await RefusalAsync(older), Ordinal);
        Assert.Contains("cannot be copied", await RefusalAsync(broken), Ordinal);
        Assert.False(File.Exists(_folder.At("none.db")));
        Assert.Equal(0, await TokensAsync());
    }

    [PostgreSqlFact]
    public async Task A_source_that_is_served_even_if_it_is_idle()
    {
        // As a server between two requests: a connection that has read, and holds no lock to write.
        await using var idle = new SqliteConnection($"Data Source={_former.File};Pooling=false");
        await idle.OpenAsync();
        await using var command = new SqliteCommand("SELECT COUNT(*) FROM Secrets", idle);
        await command.ExecuteScalarAsync();

        Assert.Contains("is in use: stop the server", await RefusalAsync(_former.File), Ordinal);
    }

    [PostgreSqlFact]
    public async Task Another_master_key_a_target_that_is_served_and_one_that_is_no_PostgreSql()
    {
        var other = _folder.Write("other.key", Convert.ToBase64String(new byte[32]));
        Assert.Contains(
            "The master key does not open this database",
            await Copier.RefusalAsync(_folder, _former.File, _database, other),
            Ordinal
        );
        Assert.Equal(0, await TokensAsync());

        await Copier.RunAsync(_folder, _former.File, _database, _former.MasterKeyFile);
        Assert.Contains("has been served already", await RefusalAsync(_former.File), Ordinal);

        await using var nowhere = AuthServerProcess.Start(
            _folder.Path,
            "data",
            "copy",
            "--from",
            _former.File
        );
        Assert.Equal(1, await nowhere.ExitAsync());
        Assert.StartsWith("The copy goes to a PostgreSQL", nowhere.Error, Ordinal);
        await using var misused = AuthServerProcess.Start(_folder.Path, "data", "copy");
        Assert.Equal(2, await misused.ExitAsync());
    }

    [PostgreSqlFact]
    public async Task One_that_is_killed_midway_leaves_the_target_empty_and_may_be_repeated()
    {
        await using (var blocker = new NpgsqlConnection(_database))
        {
            await blocker.OpenAsync();
            await using var transaction = await blocker.BeginTransactionAsync();
            // The people are written by then; the copy may look at this table, but not write in it.
            await ExecuteAsync(blocker, "LOCK TABLE \"OpenIddictTokens\" IN SHARE MODE");
            await using (var copy = Copier.Start(_folder, _former.File, _database, _former.MasterKeyFile))
            {
                await Patience.UntilAsync("the copy waits", () => IsWaitingAsync(copy));
            }

            Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM \"AspNetUsers\""));
            await transaction.RollbackAsync();
        }

        await Copier.RunAsync(_folder, _former.File, _database, _former.MasterKeyFile);
        Assert.NotEqual(0, await TokensAsync());
    }

    private static StringComparison Ordinal => StringComparison.Ordinal;

    private Task<string> RefusalAsync(string from) =>
        Copier.RefusalAsync(_folder, from, _database, _former.MasterKeyFile);

    // By SQLite, which knows what of it still stands in the log beside the file: the file alone may be torn.
    private string Twin(string name)
    {
        using var former = new SqliteConnection($"Data Source={_former.File};Pooling=false");
        using var twin = new SqliteConnection($"Data Source={_folder.At(name)};Pooling=false");
        former.Open();
        former.BackupDatabase(twin);
        return _folder.At(name);
    }

    private async Task<bool> IsWaitingAsync(AuthServerProcess copy)
    {
        Assert.Equal("", copy.Error);
        return await ScalarAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE 'COPY %'"
        )
            is 1L;
    }

    private async Task<long> TokensAsync() =>
        (long)(await ScalarAsync("SELECT count(*) FROM \"OpenIddictTokens\""))!;

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ExecuteAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        await connection.OpenAsync();
        await using var command = new SqliteCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
