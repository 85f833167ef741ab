using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// What the engine leaves unchecked of an access token: that its own header calls it one (RFC 9068 §4), where the
/// engine believes the row, and that its time has come (RFC 7519 §4.1.5), but for what two honest clocks may differ.
/// </summary>
internal sealed class RequireSoundAccessToken(TimeProvider clock)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        var token = context.Principal!;
        if (token.GetTokenType() != TokenTypeIdentifiers.AccessToken)
        {
            return ValueTask.CompletedTask;
        }

        if (
            context.TokenValidationResult?.TokenType != JsonWebTokenTypes.AccessToken
            || token.GetCreationDate() > clock.GetUtcNow() + Skew
        )
        {
            context.Reject(Errors.InvalidToken, "The token is not a good access token.");
        }

        return ValueTask.CompletedTask;
    }
}
