using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>Gives the tokens that a code with a PKCE challenge stands for (RFC 6749 §4.1.3, RFC 7636 §4.5).</summary>
internal sealed class AuthorizationCodeAnswer(KnownClients clients, Exchange exchange)
{
    /// <summary>True when it has been answered.</summary>
    public async ValueTask<bool> TryAsync(HttpContext http)
    {
        if (
            PlainRequest.Of(
                http.Request,
                Parameters.GrantType,
                Parameters.Code,
                Parameters.RedirectUri,
                Parameters.CodeVerifier
            )
                is not { } request
            || PlainRequest.FieldOf(http.Request, Parameters.Code) is not { } value
            || PlainRequest.FieldOf(http.Request, Parameters.RedirectUri) is not { } redirectUri
            || PlainRequest.FieldOf(http.Request, Parameters.CodeVerifier) is not { } verifier
            || await clients.FindAsync(http, request, Permissions.GrantTypes.AuthorizationCode)
                is not { } client
            || await exchange.FindAsync(
                value,
                TokenTypeIdentifiers.Private.AuthorizationCode,
                client,
                http.RequestAborted
            )
                is not { } grant
            || !grant.IsBoundTo(redirectUri, verifier)
        )
        {
            return false;
        }

        return await exchange.TryAsync(
            http,
            new Presented(GrantTypes.AuthorizationCode, request, client, value, grant)
            {
                // 256 bits, the first of the family: the values that follow are derived from it.
                RefreshToken = grant.IsOffline
                    ? Base64UrlTextEncoder.Encode(RandomNumberGenerator.GetBytes(32))
                    : null,
                KeepUntil = exchange.EndOfAccess(),
            }
        );
    }
}
