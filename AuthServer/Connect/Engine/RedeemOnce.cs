using AuthServer.Sessions;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Uses up the code, refresh token or pushed request that this sign-in answers. The engine ignores a lost race
/// for a refresh token, and commits before what it gives is written; here both are one transaction.
/// </summary>
internal sealed class RedeemOnce(RefreshFamilies families, IOptions<TokensOptions> options)
    : IOpenIddictServerHandler<ProcessSignInContext>
{
    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        var presented = context.Transaction.GetProperty<ProcessAuthenticationContext>(
            typeof(ProcessAuthenticationContext).FullName!
        )!;

        if (context.EndpointType is OpenIddictServerEndpointType.Authorization)
        {
            await UseRequestAsync(context, presented.RequestTokenPrincipal?.GetTokenId());
        }
        else if (context.Request.IsAuthorizationCodeGrantType())
        {
            await UseCodeAsync(context, presented.AuthorizationCodePrincipal!);
        }
        else if (context.Request.IsRefreshTokenGrantType())
        {
            await UseRefreshTokenAsync(context, presented.RefreshTokenPrincipal!);
        }
    }

    // RFC 9126 §4: a pushed request gives one code.
    private async Task UseRequestAsync(ProcessSignInContext context, string? tokenId)
    {
        if (
            tokenId is not null
            && !await families.TryUseAsync(tokenId, keepUntil: null, context.CancellationToken)
        )
        {
            context.Reject(
                Errors.InvalidRequestUri,
                "The request_uri was used before: start again at the application."
            );
        }
    }

    private async Task UseCodeAsync(ProcessSignInContext context, System.Security.Claims.ClaimsPrincipal code)
    {
        var redemption = await families.RedeemCodeAsync(
            code.GetTokenId()!,
            code.GetAuthorizationId()!,
            context.CancellationToken
        );
        if (redemption is Redemption.Replayed)
        {
            context.Reject(Errors.InvalidGrant, "The authorization code was used before.");
        }
    }

    private async Task UseRefreshTokenAsync(
        ProcessSignInContext context,
        System.Security.Claims.ClaimsPrincipal token
    )
    {
        var familyId = token.GetAuthorizationId()!;
        var successor = families.SuccessorOf(context.Request.RefreshToken!, familyId);
        var redemption = await families.RedeemAsync(
            token.GetTokenId()!,
            familyId,
            successor,
            Arrival.Of(context.Transaction),
            options.Value.RefreshTokenGrace,
            EndOfFamily(context),
            context.CancellationToken
        );
        if (redemption is Redemption.Replayed)
        {
            context.Reject(Errors.InvalidGrant, "The refresh token was used before.");
            return;
        }

        context.Transaction.Properties[Successor.Property] = new Successor(
            successor,
            Exists: redemption is Redemption.Retried
        );
    }

    private DateTime EndOfFamily(ProcessSignInContext context) =>
        ValidateFamily.Owner(context.Transaction)!.BeganAt + options.Value.RefreshTokenAbsoluteLifetime;
}

/// <summary>The refresh token that this request answers with.</summary>
/// <param name="Value">What the client gets.</param>
/// <param name="Exists">Whether it was made by an earlier request, whose answer was lost.</param>
internal sealed record Successor(string Value, bool Exists)
{
    public const string Property = "successor";

    public static Successor? Of(OpenIddictServerTransaction transaction) =>
        transaction.Properties.TryGetValue(Property, out var value) ? (Successor?)value : null;
}

/// <summary>A retry is answered with the refresh token that its first answer gave, and no other is made.</summary>
internal sealed class AnswerRetry : IOpenIddictServerHandler<ProcessSignInContext>
{
    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (Successor.Of(context.Transaction) is { Exists: true } successor)
        {
            context.GenerateRefreshToken = false;
            context.RefreshToken = successor.Value;
        }

        return ValueTask.CompletedTask;
    }
}
