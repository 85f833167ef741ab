using AuthServer.Data.Statements;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Data.Sqlite;

/// <summary>The embedded database: a file beside the program, for one instance.</summary>
internal sealed class SqliteDatabase(DataOptions options) : IDatabase
{
    public string? Mistake =>
        !string.IsNullOrEmpty(options.Password)
            ? "Data:Password is for PostgreSql: set Data:Provider to it, or leave the password out."
        : IsFile(options.ConnectionString) ? null
        : "Data:ConnectionString must name a SQLite file: write 'Data Source=<file>'.";

    public string MasterKeyFile => Path + ".master-key";

    /// <summary>The file.</summary>
    public string Path => new SqliteConnectionStringBuilder(ConnectionString).DataSource;

    // There is one writer at a time.
    public bool NumbersByCommit => true;

    public Schema Schema { get; } = new("20261201015235_StoryIndex", Migrations: 7);

    public string ConnectionString => options.ConnectionString;

    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(this);
        services.AddSingleton<OneWriter>();
        services.AddSingleton<GroupedWriter>();
        services.AddSingleton<IStatements, SqliteStatements>();
        services.AddDbContextPool<AuthDb, SqliteAuthDb>(
            (provider, db) =>
                db.UseSqlite(ConnectionString)
                    .ConfigureWarnings(DataModule.SayOnce)
                    .AddInterceptors([
                        provider.GetRequiredService<OneWriter>(),
                        .. provider.GetServices<IInterceptor>(),
                    ])
        );
        services.AddHealthChecks().AddCheck<SqliteHealth>("database");
    }

    public Task MigrateAsync(Lazy<AuthDb> db, CancellationToken cancellation) =>
        new SqliteMigration(db, this).RunAsync(cancellation);

    public async Task AloneAsync(Func<Task> work, CancellationToken cancellation)
    {
        await using var turn = await FileLock.TakeAsync(Path + ".migrating", cancellation);
        await work();
    }

    public string? Explain(Exception exception) => SqliteFault.Explain(exception, ConnectionString);

    private static bool IsFile(string connectionString)
    {
        try
        {
            var settings = new SqliteConnectionStringBuilder(connectionString);
            return settings.DataSource is not ("" or ":memory:") && settings.Mode != SqliteOpenMode.Memory;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
