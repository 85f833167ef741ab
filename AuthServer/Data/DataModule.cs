using AuthServer.Data.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>Owns what is remembered and how it is sealed. Knows nobody.</summary>
internal static class DataModule
{
    public static void AddData(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services
            .AddSection<DataOptions>("Data")
            .Validate(IsSqlite, "Data:Provider must be 'Sqlite' in this version.")
            .Validate(
                IsConnectionString,
                "Data:ConnectionString must name a SQLite file: write 'Data Source=<file>'."
            );

        services.AddSingleton<OneWriter>();
        services.AddDbContextPool<AuthDb, SqliteAuthDb>(
            (provider, db) =>
                db.UseSqlite(provider.GetRequiredService<IOptions<DataOptions>>().Value.ConnectionString)
                    .ConfigureWarnings(SayOnce)
                    .AddInterceptors([
                        provider.GetRequiredService<OneWriter>(),
                        .. provider.GetServices<IInterceptor>(),
                    ])
        );

        // OpenIddict keeps clients, scopes, authorizations and tokens in our own entities.
        services
            .AddOpenIddict()
            .AddCore(core =>
                core.UseEntityFrameworkCore()
                    .UseDbContext<AuthDb>()
                    .ReplaceDefaultEntities<Application, Authorization, Scope, Token, string>()
            );

        services.AddSingleton(Issuer.From(builder.Configuration));
        services.AddSingleton<MasterKey>();
        services.AddSingleton<ServerSecrets>();
        services.AddScoped<DatabaseStartup>();
        services.AddScoped<Resealing>();
        services.AddSingleton<SchemaQuestion>();
        services.AddHealthChecks().AddCheck<SqliteHealth>("database");

        services.AddDataProtection().SetApplicationName("AuthServer").PersistKeysToDbContext<AuthDb>();
        services.AddSingleton<XmlKeyManager>();
        services.AddSingleton<SharedKeyManager>();
        services.AddSingleton<IKeyManager>(provider => provider.GetRequiredService<SharedKeyManager>());
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<MasterKey>((keys, masterKey) => keys.XmlEncryptor = new SealedXmlEncryptor(masterKey));
    }

    // Whoever gets the exception tells of it; a command that went well is no news.
    private static void SayOnce(WarningsConfigurationBuilder events) =>
        events.Log(
            (RelationalEventId.CommandExecuted, LogLevel.Debug),
            (RelationalEventId.CommandError, LogLevel.Debug),
            (RelationalEventId.ConnectionError, LogLevel.Debug),
            (RelationalEventId.AcquiringMigrationLock, LogLevel.Debug)
        );

    private static bool IsSqlite(DataOptions options) =>
        string.Equals(options.Provider, "Sqlite", StringComparison.OrdinalIgnoreCase);

    private static bool IsConnectionString(DataOptions options)
    {
        try
        {
            var settings = new SqliteConnectionStringBuilder(options.ConnectionString);
            return settings.DataSource is not ("" or ":memory:") && settings.Mode != SqliteOpenMode.Memory;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
