using AuthServer.Audit;
using AuthServer.Data.Statements;
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
internal sealed class RevokeFamily(RefreshFamilies families, IOpenIddictApplicationManager applications)
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

        var client = await applications.FindByClientIdAsync(
            principal.GetClaim(Claims.ClientId)!,
            context.CancellationToken
        );
        var token = new NewToken
        {
            Id = tokenId,
            ApplicationId = await applications.GetIdAsync(client!, context.CancellationToken),
            FamilyId = principal.GetAuthorizationId(),
            CreatedAt = principal.GetCreationDate()?.UtcDateTime,
            ExpiresAt = principal.GetExpirationDate()?.UtcDateTime,
            Subject = principal.GetClaim(Claims.Subject),
            Type = principal.GetTokenType()!,
        };
        // A token that belongs to no family speaks for the client itself.
        var accountId = token.FamilyId is null ? null : token.Subject;
        await families.RevokeTokenAsync(
            token,
            accountId,
            context.Request.ClientId,
            context.CancellationToken
        );
    }
}
