using AuthServer.Audit;
using AuthServer.Data.Statements;
using AuthServer.Sessions;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Whether the row of a token still calls it good. A code or refresh token that comes back after its use ends its
/// family (RFC 9700 §4.14), unless it may be a retry, which <see cref="RedeemOnce"/> decides.
/// </summary>
internal sealed class ValidateTokenState(
    PresentedTokens presented,
    RefreshFamilies families,
    IOptions<TokensOptions> options
) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.TokenId is not { Length: > 0 })
        {
            return;
        }

        var token = await presented.FindAsync(context);
        if (token is null)
        {
            context.Reject(Errors.InvalidToken, "The token is not known.");
            return;
        }

        if (token.Status == Statuses.Valid)
        {
            return;
        }

        if (token.Status == Statuses.Redeemed && await IsWelcomeAsync(context, token))
        {
            return;
        }

        context.Reject(Errors.InvalidToken, "The token is no longer good.");
    }

    private async Task<bool> IsWelcomeAsync(ValidateTokenContext context, PresentedToken token)
    {
        var type = context.Principal!.GetTokenType();
        var isRefreshToken = type == TokenTypeIdentifiers.RefreshToken;
        if (context.EndpointType is OpenIddictServerEndpointType.Revocation)
        {
            // Whoever holds any token of a family may end it.
            return isRefreshToken;
        }

        if (context.EndpointType is not OpenIddictServerEndpointType.Token)
        {
            return false;
        }

        var arrived = Arrival.Of(context.Transaction);
        var grace = options.Value.RefreshTokenGrace;
        if (
            isRefreshToken
            && await families.IsWithinGraceAsync(token.RedeemedAt, arrived, grace, context.CancellationToken)
        )
        {
            return true;
        }

        if (context.AuthorizationId is { Length: > 0 } familyId)
        {
            var why = isRefreshToken ? AuditEvent.RefreshReuseDetected : AuditEvent.CodeReplayed;
            await families.EndAsync(familyId, why, context.CancellationToken);
        }

        return false;
    }
}
