using AuthServer.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Signs ID tokens with RS256 and access tokens with ES256, unless the client or an API is registered for the
/// other; the ring gives the current key of each algorithm first.
/// </summary>
internal sealed class ChooseSigningKey(IOpenIddictApplicationManager applications)
    : IOpenIddictServerHandler<GenerateTokenContext>
{
    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        string? algorithm = null;
        if (context.TokenType == TokenTypeIdentifiers.AccessToken)
        {
            algorithm = AddressApis.Algorithm(context.Transaction);
        }
        else if (context.TokenType == TokenTypeIdentifiers.IdentityToken)
        {
            algorithm = await IdTokenAlgorithmAsync(context);
            // Nobody looks an ID token up: it needs no row.
            context.CreateTokenEntry = false;
        }

        context.SigningCredentials = context.Options.SigningCredentials.First(credentials =>
            credentials.Algorithm == (algorithm ?? Algorithms.Default)
        );
    }

    private async ValueTask<string> IdTokenAlgorithmAsync(GenerateTokenContext context)
    {
        var client = await applications.FindByClientIdAsync(context.ClientId!, context.CancellationToken);
        var properties = await applications.GetPropertiesAsync(client!, context.CancellationToken);
        return properties.TryGetValue(ClientProperties.SigningAlgorithm, out var wanted)
            ? wanted.GetString()!
            : Algorithms.Widest;
    }
}
