using AuthServer.Data;
using Microsoft.Extensions.Options;
using static OpenIddict.Server.OpenIddictServerEvents;
using Engines = OpenIddict.Server.OpenIddictServerHandlers;

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
            .AddCore(core => core.ReplaceApplicationManager<Application, ExactUriApplicationManager>())
            .AddServer(server =>
                server
                    .AddEventHandler<ValidateAuthorizationRequestContext>(handler =>
                        handler
                            .UseScopedHandler<RequireAllowedScopes>()
                            .SetOrder(Engines.Authentication.ValidateScopePermissions.Descriptor.Order + 1)
                    )
                    .AddEventHandler<ValidateTokenRequestContext>(handler =>
                        handler
                            .UseScopedHandler<RequireAllowedScopes>()
                            .SetOrder(Engines.Exchange.ValidateScopePermissions.Descriptor.Order + 1)
                    )
            );
        services.AddScoped<ClientSync>();
    }
}
