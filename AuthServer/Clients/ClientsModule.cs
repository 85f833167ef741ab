using AuthServer.Data;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
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
            .AddServer(CheckScopesOurselves);
        services.AddScoped<ClientSync>();
    }

    private static void CheckScopesOurselves(OpenIddictServerBuilder server)
    {
        var authorization = Engines.Authentication.ValidateScopePermissions.Descriptor;
        var token = Engines.Exchange.ValidateScopePermissions.Descriptor;
        server
            .RemoveEventHandler(authorization)
            .RemoveEventHandler(token)
            .AddEventHandler<ValidateAuthorizationRequestContext>(handler =>
                handler.UseScopedHandler<RequireAllowedScopes>().SetOrder(authorization.Order)
            )
            .AddEventHandler<ValidateTokenRequestContext>(handler =>
                handler.UseScopedHandler<RequireAllowedScopes>().SetOrder(token.Order)
            );
    }
}
