using AuthServer.Data;
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

        services
            .AddOpenIddict()
            .AddCore(core => core.ReplaceApplicationManager<Application, ExactUriApplicationManager>());
        services.AddScoped<ClientSync>();
    }
}
