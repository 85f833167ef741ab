using AuthServer.Audit;
using AuthServer.Sessions;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// RFC 7009 §2.1: revoking a refresh token ends everything that came from the same authorization, revoking an
/// access token only that one. A failure to store it is an error, never a silent success.
/// </summary>
internal sealed class RevokeFamily(RefreshFamilies families)
    : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        var principal = context.GenericTokenPrincipal!;
        if (
            principal.GetTokenType() == TokenTypeIdentifiers.RefreshToken
            && principal.GetAuthorizationId() is { Length: > 0 } familyId
        )
        {
            await families.EndAsync(familyId, AuditEvent.TokenRevoked, context.CancellationToken);
            return;
        }

        if (principal.GetTokenId() is not { Length: > 0 } tokenId)
        {
            // RFC 7009 §2.2.1: an ID token is not a token that can be revoked.
            context.Reject(Errors.UnsupportedTokenType, "Tokens of this kind cannot be revoked.");
            return;
        }

        // A token that belongs to no family speaks for the client itself.
        var accountId = principal.GetAuthorizationId() is null ? null : principal.GetClaim(Claims.Subject);
        await families.RevokeTokenAsync(
            tokenId,
            accountId,
            context.Request.ClientId,
            context.CancellationToken
        );
    }
}
