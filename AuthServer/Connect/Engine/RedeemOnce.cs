using System.Security.Claims;
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
/// Uses up the code, refresh token or pushed request that this sign-in answers, in the commit that holds what is given
/// for it (<see cref="Issue"/>). The engine ignores a lost race, and commits before what it gives is written.
/// </summary>
internal sealed class RedeemOnce(
    Issue issue,
    PresentedTokens presented,
    RefreshFamilies families,
    Rotation rotation,
    IOptions<TokensOptions> options,
    TimeProvider clock
) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (PresentedBy(context)?.GetTokenId() is not { } tokenId)
        {
            return;
        }

        if (IsAuthorization(context))
        {
            issue.Use = new TokenUse(tokenId, KeepUntil: null);
            return;
        }

        if (context.Request.IsAuthorizationCodeGrantType())
        {
            // It holds the family together as long as what it gave is good, and a replay is known until then.
            var now = clock.GetUtcNow().UtcDateTime;
            issue.Use = new TokenUse(tokenId, now + options.Value.AccessTokenLifetime);
            return;
        }

        var token = await presented.FindByIdAsync(tokenId, context.CancellationToken);
        if (token!.Status == Statuses.Valid)
        {
            issue.Use = new TokenUse(tokenId, EndOfFamily(context));
            new Successor(SuccessorOf(context), Exists: false).AttachTo(context.Transaction);
            return;
        }

        // Used already, but so lately that its answer may have been lost.
        await RetryAsync(context, tokenId);
    }

    /// <summary>
    /// Decides what becomes of a request that found its token used up when it came to write: the answer stands if it may be
    /// given once more, and is refused otherwise.
    /// </summary>
    public async ValueTask LoseAsync(ProcessSignInContext context, string tokenId)
    {
        if (IsAuthorization(context))
        {
            // RFC 9126 §4: a pushed request gives one code.
            context.Reject(
                Errors.InvalidRequestUri,
                "The request_uri was used before: start again at the application."
            );
        }
        else if (context.Request.IsRefreshTokenGrantType())
        {
            await RetryAsync(context, tokenId);
        }
        else
        {
            // RFC 6749 §4.1.2: a second use ends what the first one gave.
            var familyId = PresentedBy(context)!.GetAuthorizationId()!;
            await families.EndAsync(familyId, AuditEvent.CodeReplayed, context.CancellationToken);
            context.Reject(Errors.InvalidGrant, "The authorization code was used before.");
        }
    }

    private async Task RetryAsync(ProcessSignInContext context, string tokenId)
    {
        var successor = SuccessorOf(context);
        var isRetry = await families.IsRetryAsync(
            tokenId,
            PresentedBy(context)!.GetAuthorizationId()!,
            successor,
            Arrival.Of(context.Transaction),
            options.Value.RefreshTokenGrace,
            context.CancellationToken
        );
        if (isRetry)
        {
            new Successor(successor, Exists: true).AttachTo(context.Transaction);
            return;
        }

        context.Reject(Errors.InvalidGrant, "The refresh token was used before.");
    }

    private static bool IsAuthorization(ProcessSignInContext context) =>
        context.EndpointType is OpenIddictServerEndpointType.Authorization;

    private static ClaimsPrincipal? PresentedBy(ProcessSignInContext context)
    {
        var presented = context.Transaction.GetProperty<ProcessAuthenticationContext>(
            typeof(ProcessAuthenticationContext).FullName!
        )!;
        return IsAuthorization(context) ? presented.RequestTokenPrincipal
            : context.Request.IsAuthorizationCodeGrantType() ? presented.AuthorizationCodePrincipal
            : context.Request.IsRefreshTokenGrantType() ? presented.RefreshTokenPrincipal
            : null;
    }

    private string SuccessorOf(ProcessSignInContext context) =>
        rotation.SuccessorOf(context.Request.RefreshToken!, PresentedBy(context)!.GetAuthorizationId()!);

    // With the last access token that it gives.
    private DateTime EndOfFamily(ProcessSignInContext context) =>
        ValidateFamily.Owner(context.Transaction)!.BeganAt
        + options.Value.RefreshTokenAbsoluteLifetime
        + options.Value.AccessTokenLifetime;
}
