using AuthServer.Accounts.External.Google;
using AuthServer.Accounts.External.OpenId;
using AuthServer.Data;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts.External;

/// <summary>
/// Owns sign-in with others: who they are, what an identity of theirs opens here, and its end. All providers come in by
/// the one door of <see cref="Arrivals"/>.
/// </summary>
internal static class ExternalModule
{
    public static void AddExternal(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSection<ExternalOptions>("External");
        services.AddSingleton<IValidateOptions<ExternalOptions>, ExternalOptionsCheck>();

        Arrivals.AddCookie(services);
        services.AddSingleton<OutboundHttp>();
        services.AddScoped<PendingIdentities>();
        services.AddScoped<FederatedAccounts>();
        services.AddScoped<FederatedSignIn>();
        services.AddScoped<FederationMail>();
        services.AddScoped<Reception>();
        services.AddScoped<LinkedLogins>();

        builder.AddGoogleSignIn();
        builder.AddOpenIdSignIn();
    }
}
