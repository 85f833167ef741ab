using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// What the engine leaves unchecked of a token: that its header and its row call it by the same name (RFC 9068 §4),
/// and that the time of an access token has come (RFC 7519 §4.1.5), but for what two honest clocks may differ.
/// </summary>
internal sealed class RequireSoundToken(TimeProvider clock) : IOpenIddictServerHandler<ValidateTokenContext>
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal is { } token && !(IsOfOneKind(context, token.GetTokenType()!) && IsDue(token)))
        {
            context.Reject(Errors.InvalidToken, "The token is not good.");
        }

        return ValueTask.CompletedTask;
    }

    // The row has had the last word on the kind; the engine would stop with an exception.
    private static bool IsOfOneKind(ValidateTokenContext context, string kind) =>
        (context.ValidTokenTypes.Count == 0 || context.ValidTokenTypes.Contains(kind))
        && (
            kind != TokenTypeIdentifiers.AccessToken
            || context.TokenValidationResult?.TokenType == JsonWebTokenTypes.AccessToken
        );

    private bool IsDue(System.Security.Claims.ClaimsPrincipal token) =>
        token.GetTokenType() != TokenTypeIdentifiers.AccessToken
        || token.GetCreationDate() <= clock.GetUtcNow() + Skew;
}
