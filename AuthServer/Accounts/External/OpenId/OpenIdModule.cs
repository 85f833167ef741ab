using System.Net;
using System.Security.Cryptography;
using AuthServer.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Client;
using OpenIddict.Client.AspNetCore;
using static OpenIddict.Client.OpenIddictClientEvents;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>
/// Owns sign-in with GitHub, Microsoft, Apple and any issuer of OpenID Connect; OpenIddict's client speaks the protocol.
/// Without one of them in the configuration nothing of it is there.
/// </summary>
internal static class OpenIdModule
{
    public static void AddOpenIdSignIn(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("External").Get<ExternalOptions>() ?? new();
        // The start is refused when something is wrong with them; that is told elsewhere.
        var others = settings.Mistake() is null ? settings.Others.ToList() : [];
        if (others.Count > 0)
        {
            Add(builder.Services, others);
        }
    }

    private static void Add(IServiceCollection services, List<ProviderSettings> others)
    {
        // Ours come before the engine's own, which then finds nothing left to do.
        foreach (var provider in others.Select(other => other.ToProvider()))
        {
            services.AddSingleton(provider);
            services
                .AddAuthentication()
                .AddScheme<AuthenticationSchemeOptions, OpenIdSignIn>(provider.Scheme, _ => { });
        }

        services.AddSingleton<IConfigureOptions<OpenIddictClientOptions>, Registrations>();
        services.AddSingleton<IdTokenIdentity>();
        services.AddSingleton<GitHubIdentity>();
        services.AddOpenIddict().AddClient(UseEngine);
        services
            .AddOptions<OpenIddictClientAspNetCoreOptions>()
            .Configure<Issuer>(
                (engine, issuer) =>
                {
                    engine.CookieBuilder = new StateCookie(issuer);
                    engine.DisableTransportSecurityRequirement = !issuer.IsSecure;
                    engine.DisableAutomaticAuthenticationSchemeForwarding = true;
                }
            );
        services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>, EngineHttp>();
    }

    private static void UseEngine(OpenIddictClientBuilder engine)
    {
        engine.AllowAuthorizationCodeFlow();
        engine.SetStateTokenLifetime(Arrivals.Lifetime);
        // A state is good for one browser, and what it brings back for one exchange: no row is needed for it.
        engine.DisableTokenStorage();
        engine.UseDataProtection();
        // The engine insists on keys that it does not need: Data Protection seals what it gives away.
        engine.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
        engine.AddSigningKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
        engine.UseAspNetCore().EnableRedirectionEndpointPassthrough();
        engine.UseWebProviders();
        engine
            .UseSystemNetHttp()
            .SetAllowedDecompressionMethods(DecompressionMethods.None)
            // A code is good for one exchange.
            .Configure(http => http.HttpResiliencePipeline = null)
            .ConfigureHttpClient(OutboundHttp.Limit);
        engine.AddEventHandler(SkipUserInfo.Descriptor);
        // Before the engine writes an error as plain text; the page is ours to write.
        engine.AddEventHandler<ProcessErrorContext>(handler =>
            handler.UseInlineHandler(LeaveToUs).SetOrder(400_000)
        );
    }

    private static ValueTask LeaveToUs(ProcessErrorContext context)
    {
        context.HandleRequest();
        return default;
    }
}
