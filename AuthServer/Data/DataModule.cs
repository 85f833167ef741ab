using AuthServer.Data.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>Owns what is remembered and how it is sealed. Knows nobody.</summary>
internal static class DataModule
{
    public static void AddData(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services
            .AddOptions<DataOptions>()
            .BindConfiguration("Data")
            .Validate(IsSqlite, "Data:Provider must be 'Sqlite' in this version.")
            .Validate(
                IsConnectionString,
                "Data:ConnectionString is not a SQLite connection string: write 'Data Source=<file>'."
            )
            .ValidateOnStart();

        services.AddDbContextPool<AuthDb, SqliteAuthDb>(
            (provider, db) =>
                db.UseSqlite(provider.GetRequiredService<IOptions<DataOptions>>().Value.ConnectionString)
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

        services.AddDataProtection().SetApplicationName("AuthServer").PersistKeysToDbContext<AuthDb>();
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<MasterKey>((keys, masterKey) => keys.XmlEncryptor = new SealedXmlEncryptor(masterKey));
    }

    private static bool IsSqlite(DataOptions options) =>
        string.Equals(options.Provider, "Sqlite", StringComparison.OrdinalIgnoreCase);

    private static bool IsConnectionString(DataOptions options)
    {
        try
        {
            return new SqliteConnectionStringBuilder(options.ConnectionString).DataSource.Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
