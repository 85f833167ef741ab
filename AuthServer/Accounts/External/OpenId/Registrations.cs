using AuthServer.Data;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Client;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>Tells the engine of each provider in the configuration: the same rules for all, whatever else it must know.</summary>
internal sealed class Registrations(IOptions<ExternalOptions> options, Issuer issuer)
    : IConfigureOptions<OpenIddictClientOptions>
{
    // Never a shared secret: who knows ours must not be able to sign for the provider.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>The path to which a provider sends a browser back, without a leading slash.</summary>
    public static string CallbackOf(string provider) => $"account/external/callback/{provider}";

    public void Configure(OpenIddictClientOptions engine)
    {
        foreach (var provider in options.Value.Others)
        {
            var registration = provider.ToRegistration();
            registration.RegistrationId = registration.ProviderName = provider.Id;
            registration.ClientId = provider.ClientId;
            registration.RedirectUri = issuer.UrlOf(CallbackOf(provider.Id));
            registration.TokenValidationParameters.ValidAlgorithms = Algorithms;
            registration.TokenValidationParameters.ClockSkew = IdTokenIdentity.Skew;
            if (registration.ResponseModes.Count == 0)
            {
                registration.ResponseModes.Add(ResponseModes.Query);
            }

            engine.Registrations.Add(registration);
        }
    }
}
