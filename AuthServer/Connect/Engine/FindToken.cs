using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Finds what stands behind a token that is looked up by its value.</summary>
internal sealed class FindByValue(PresentedTokens presented) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (
            context.SecurityTokenHandler.CanReadToken(context.Token)
            || await presented.FindByValueAsync(context.Token, context.CancellationToken) is not { } token
        )
        {
            return;
        }

        if (
            token.Payload is null
            || (context.ValidTokenTypes.Count > 0 && !context.ValidTokenTypes.Contains(token.Type))
        )
        {
            context.Reject(Errors.InvalidToken, "The token is of another kind.");
            return;
        }

        context.IsReferenceToken = true;
        context.Token = token.Payload;
        // What an earlier version gave is a JWT, which the engine reads.
        context.Principal = SealedClaims.Open(token.Payload, token.Id, context.Options.EncryptionCredentials);
        context.TokenId = token.Id;
    }
}

/// <summary>Puts what the row says of a token in place of what the token says of itself.</summary>
internal sealed class RestoreFromRow(PresentedTokens presented)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal is not { } principal)
        {
            return;
        }

        var isAccessToken = principal.GetTokenType() == TokenTypeIdentifiers.AccessToken;
        if (principal.GetTokenId() is not { Length: > 0 } id)
        {
            // An ID token needs none; an access token could never be revoked without.
            if (isAccessToken)
            {
                context.Reject(Errors.InvalidToken, "The token is not known.");
            }

            return;
        }

        if (isAccessToken)
        {
            context.TokenId = id;
            context.AuthorizationId = principal.GetAuthorizationId();
            return;
        }

        var token = await presented.FindByIdAsync(id, context.CancellationToken);
        // What stands behind a value is no token by itself.
        if (token is null || (token.ReferenceId is not null && !context.IsReferenceToken))
        {
            context.Reject(Errors.InvalidToken, "The token is not known.");
            return;
        }

        context.TokenId = token.Id;
        context.AuthorizationId = token.FamilyId;
        principal
            .SetCreationDate(Utc(token.CreatedAt))
            .SetAuthorizationId(token.FamilyId)
            .SetTokenId(token.Id)
            .SetTokenType(token.Type);
        // The row of a used code is kept longer than the code is good: it goes by what it says itself.
        if (token.Type != TokenTypeIdentifiers.Private.AuthorizationCode)
        {
            principal.SetExpirationDate(Utc(token.ExpiresAt));
        }
    }

    private static DateTimeOffset? Utc(DateTime? instant) => instant is { } time ? new(time) : null;
}
