using AuthServer.Data.Statements;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AuthServer.Data.PostgreSql;

/// <summary>The database of many instances: a PostgreSQL that they share.</summary>
internal sealed class PostgreSqlDatabase(DataOptions options) : IDatabase
{
    /// <summary>Names, among all locks of the database, the one of who works alone.</summary>
    private const long AloneKey = 0x41757468_53657276;

    private readonly string _connection = PostgreSqlSettings.WithPassword(
        options.ConnectionString,
        options.Password
    );

    public bool NumbersByCommit => false;

    public Schema Schema { get; } = new("20261201015238_StoryIndex", Migrations: 3);

    public string? Mistake => PostgreSqlSettings.MistakeIn(_connection);

    public string MasterKeyFile => "authserver.master-key";

    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(this);
        // What is wrong with the settings is told by their check, a little later.
        var settings = PostgreSqlSettings.Of(Mistake is null ? _connection : "");
        services.AddSingleton(_ =>
            new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = "authserver" }.Build()
        );
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<Breaker>(provider, settings.ConnectionString)
        );
        services.AddHostedService(provider => provider.GetRequiredService<Breaker>());
        services.AddSingleton<Guarded>();
        services.AddSingleton<IStatements, PostgreSqlStatements>();
        services.AddDbContextPool<AuthDb, PostgreSqlAuthDb>(
            (provider, db) =>
                db.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())
                    .ConfigureWarnings(DataModule.SayOnce)
                    .AddInterceptors([
                        .. provider.GetServices<IInterceptor>(),
                        new SoundText(),
                        // The last: it runs what the others have seen.
                        provider.GetRequiredService<Guarded>(),
                    ])
        );
        services.AddHealthChecks().AddCheck<PostgreSqlHealth>("database");
    }

    public async Task MigrateAsync(Lazy<AuthDb> db, CancellationToken cancellation)
    {
        // Nearly always there is nothing to do, and nobody has to wait for anybody.
        if (!await IsCurrentAsync(cancellation))
        {
            await AloneAsync(() => new PostgreSqlMigration(db.Value).RunAsync(cancellation), cancellation);
        }
    }

    // On a connection of its own, with which the lock ends, however it ends.
    public async Task AloneAsync(Func<Task> work, CancellationToken cancellation)
    {
        var settings = PostgreSqlSettings.Patient(_connection);
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = AloneKey });
        await command.ExecuteNonQueryAsync(cancellation);
        await work();
    }

    private async Task<bool> IsCurrentAsync(CancellationToken cancellation)
    {
        var settings = PostgreSqlSettings.Patient(_connection);
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = """SELECT to_regclass('"__EFMigrationsHistory"') IS NOT NULL""";
        if (await command.ExecuteScalarAsync(cancellation) is not true)
        {
            return false;
        }

        command.CommandText = Schema.AskForMigrations;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) && Schema.IsIn(reader);
    }

    public string? Explain(Exception exception) => PostgreSqlFault.Explain(exception, _connection);
}
