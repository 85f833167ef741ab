using AuthServer.Data;
using AuthServer.Data.PostgreSql;
using AuthServer.Data.Sqlite;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AuthServer.Tests.Data.PostgreSql;

public sealed class MigrationTests : IAsyncLifetime
{
    private readonly Folder _folder = new();
    private PostgreSqlServer _database = null!;

    public async Task InitializeAsync()
    {
        if (PostgreSqlServer.ReasonToSkip is null)
        {
            _database = await PostgreSqlServer.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (PostgreSqlServer.ReasonToSkip is null)
        {
            await _database.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public void Both_sets_of_migrations_make_the_whole_model()
    {
        using var sqlite = new SqliteDesignTime().CreateDbContext([]);
        using var postgreSql = new PostgreSqlDesignTime().CreateDbContext([]);

        Assert.False(sqlite.Database.HasPendingModelChanges());
        Assert.False(postgreSql.Database.HasPendingModelChanges());
    }

    [PostgreSqlFact]
    public async Task Instances_that_migrate_at_once_do_it_once()
    {
        var options = Options(await _database.CreateAsync());

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(options)));

        await using var db = Open(options);
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.Equal(1, await db.AuditLinks.CountAsync());
    }

    [PostgreSqlFact]
    public async Task One_that_is_killed_while_it_migrates_leaves_nothing_behind()
    {
        var options = Options(await _database.CreateAsync());
        await using var blocker = new NpgsqlConnection(options.ConnectionString);
        await blocker.OpenAsync();
        // A table of the schema, not yet true: the migrator comes as far as making it, and waits.
        await using var transaction = await blocker.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("CREATE TABLE \"Secrets\" ()", blocker);
        await command.ExecuteNonQueryAsync();
        await using (var program = Start(options.ConnectionString))
        {
            await WaitForLockAsync(options.ConnectionString);
        }

        await transaction.RollbackAsync();
        await MigrateAsync(options);

        await using var db = Open(options);
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
    }

    [PostgreSqlFact]
    public async Task The_database_of_another_program_is_left_alone()
    {
        var options = Options(await _database.CreateAsync());
        await ExecuteAsync(options, "CREATE TABLE invoices (id int)");

        var refusal = await Assert.ThrowsAsync<StartupException>(() => MigrateAsync(options));

        Assert.Contains("belongs to another program", refusal.Message, StringComparison.Ordinal);
    }

    [PostgreSqlFact]
    public async Task A_newer_schema_is_refused()
    {
        var options = Options(await _database.CreateAsync());
        await MigrateAsync(options);
        await ExecuteAsync(
            options,
            "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29991231235959_Future', '99.0.0')"
        );

        var refusal = await Assert.ThrowsAsync<StartupException>(() => MigrateAsync(options));

        Assert.Contains("was written by a newer version", refusal.Message, StringComparison.Ordinal);
    }

    [PostgreSqlFact]
    public async Task A_database_that_does_not_exist_or_answer_is_told_in_a_sentence()
    {
        var missing = await RefusalOfAsync(_database.Reach("nowhere"));
        var away = await RefusalOfAsync("Host=127.0.0.1;Port=1;Database=a;Username=b");
        // As when the container of the database has gone, and its name with it.
        var unknown = await RefusalOfAsync("Host=nowhere.invalid;Database=a;Username=b");

        Assert.Contains("The database 'nowhere' does not exist", missing, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL cannot be reached at '127.0.0.1:1'", away, StringComparison.Ordinal);
        Assert.Contains(
            "PostgreSQL cannot be reached at 'nowhere.invalid:5432'",
            unknown,
            StringComparison.Ordinal
        );
    }

    private static DataOptions Options(string connectionString) =>
        new() { Provider = "PostgreSql", ConnectionString = connectionString };

    private static PostgreSqlAuthDb Open(DataOptions options) =>
        new(new DbContextOptionsBuilder<PostgreSqlAuthDb>().UseNpgsql(options.ConnectionString).Options);

    private static async Task MigrateAsync(DataOptions options)
    {
        await using var db = Open(options);
        await Databases.Of(options).MigrateAsync(new Lazy<AuthDb>(db), CancellationToken.None);
    }

    private static async Task ExecuteAsync(DataOptions options, string sql)
    {
        await using var db = Open(options);
        await db.Database.ExecuteSqlRawAsync(sql);
    }

    private AuthServerProcess Start(string connectionString) =>
        AuthServerProcess.Start(
            _folder.Path,
            "migrate",
            "--Data:Provider=PostgreSql",
            $"--Data:ConnectionString={connectionString}"
        );

    private async Task<string> RefusalOfAsync(string connectionString)
    {
        await using var program = Start(connectionString);
        Assert.Equal(1, await program.ExitAsync());
        return program.Error;
    }

    private static async Task WaitForLockAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%create table%')",
            connection
        );
        for (var i = 0; i < 6000 && !(bool)(await command.ExecuteScalarAsync())!; i++)
        {
            await Task.Delay(10);
        }
    }
}
