using AuthServer.Data;
using AuthServer.Edge;
using Microsoft.Extensions.Options;

namespace AuthServer.Clients;

/// <summary>Owns who may ask for tokens, and for which: clients and APIs as the configuration declares them.</summary>
internal static class ClientsModule
{
    public static void AddClients(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services
            .AddOptions<ClientsOptions>()
            .Configure<IConfiguration>((options, configuration) => options.Read(configuration))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ClientsOptions>, ClientSettingsValidator>();

        services.AddOptions<CrossOriginOptions>().Configure<IConfiguration>(AllowBrowsers);

        services
            .AddOpenIddict()
            .AddCore(core =>
                core.ReplaceApplicationManager<Application, OwnApplicationManager>()
                    .ReplaceApplicationStore<Application, DirectoryApplicationStore>()
                    .ReplaceScopeStore<Scope, DirectoryScopeStore>()
                    // It keeps what one request has read, in a cache that is made anew for each; ours serve all.
                    .DisableEntityCaching()
            );
        services.AddHostedService<DirectoryWatch>();
        services.AddScoped<ClientSync>();
    }

    // A public client at a web address is one that runs in a browser. Read apart from the clients' own options, whose
    // mistakes would otherwise be told twice.
    private static void AllowBrowsers(CrossOriginOptions origins, IConfiguration configuration)
    {
        var clients = new ClientsOptions();
        clients.Read(configuration);
        foreach (
            var origin in clients
                .Clients.Where(client => !client.Settings.IsConfidential)
                .SelectMany(client => client.Settings.RedirectUris)
                .Select(RedirectUri.BrowserOrigin)
                .OfType<string>()
        )
        {
            origins.AllowClient(origin);
        }
    }
}
