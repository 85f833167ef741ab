using AuthServer.Data.Copy;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>Owns what is remembered and how it is sealed. Knows nobody.</summary>
internal static class DataModule
{
    public static void AddData(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSection<DataOptions>("Data");
        services.AddSingleton<IValidateOptions<DataOptions>, DataOptionsCheck>();
        var options = builder.Configuration.GetSection("Data").Get<DataOptions>() ?? new DataOptions();
        var database = Databases.Of(options);
        services.AddSingleton(database);
        database.AddTo(services);

        // OpenIddict keeps clients, scopes, authorizations and tokens in our own entities.
        services
            .AddOpenIddict()
            .AddCore(core =>
                core.UseEntityFrameworkCore()
                    .UseDbContext<AuthDb>()
                    .ReplaceDefaultEntities<Application, Authorization, Scope, Token, string>()
            );

        services.AddScoped<IOpenIddictEntityFrameworkCoreContext, OnDemandContext>();

        services.AddSingleton(Issuer.From(builder.Configuration));
        services.AddSingleton<MasterKey>();
        services.AddSingleton<ServerSecrets>();
        services.AddSingleton<ProvenSecrets>();
        services.AddSingleton<ClientDirectory>();
        services.AddScoped(provider => new Lazy<AuthDb>(provider.GetRequiredService<AuthDb>));
        services.AddScoped<DatabaseStartup>();
        services.AddScoped<Resealing>();
        services.AddScoped<DataCopy>();
        services.AddSingleton<Outages>();

        services.AddDataProtection().SetApplicationName("AuthServer");
        services.AddSingleton<SharedRing>();
        services.AddSingleton<XmlKeyManager>();
        services.AddSingleton<SharedKeyManager>();
        services.AddSingleton<IKeyManager>(provider => provider.GetRequiredService<SharedKeyManager>());
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<MasterKey, SharedRing>(
                (keys, masterKey, ring) =>
                {
                    keys.XmlRepository = ring;
                    keys.XmlEncryptor = new SealedXmlEncryptor(masterKey);
                }
            );
    }

    // Whoever gets the exception tells of it; a command that went well is no news.
    internal static void SayOnce(WarningsConfigurationBuilder events) =>
        events.Log(
            (RelationalEventId.CommandExecuted, LogLevel.Debug),
            (RelationalEventId.CommandError, LogLevel.Debug),
            (RelationalEventId.ConnectionError, LogLevel.Debug),
            (RelationalEventId.AcquiringMigrationLock, LogLevel.Debug)
        );
}
