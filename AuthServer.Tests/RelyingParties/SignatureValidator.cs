using System.Security.Claims;
using Duende.IdentityModel.OidcClient;
using Duende.IdentityModel.OidcClient.Results;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Tests.RelyingParties;

/// <summary>Checks ID tokens for OidcClient, which leaves that to its host.</summary>
internal sealed class SignatureValidator : IIdentityTokenValidator
{
    public async Task<IdentityTokenValidationResult> ValidateAsync(
        string identityToken,
        OidcClientOptions options,
        CancellationToken cancellationToken = default
    )
    {
        var keys = options.ProviderInformation.KeySet.Keys;
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(
            identityToken,
            new TokenValidationParameters
            {
                ValidIssuer = options.ProviderInformation.IssuerName,
                ValidAudience = options.ClientId,
                ValidAlgorithms = ["RS256"],
                IssuerSigningKeys = keys.Select(key => new JsonWebKey(
                    System.Text.Json.JsonSerializer.Serialize(key)
                )),
            }
        );
        return result.IsValid
            ? new IdentityTokenValidationResult
            {
                User = new ClaimsPrincipal(result.ClaimsIdentity),
                SignatureAlgorithm = new JsonWebToken(identityToken).Alg,
            }
            : new IdentityTokenValidationResult { Error = result.Exception.Message };
    }
}
