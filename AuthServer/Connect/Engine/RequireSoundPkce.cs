using System.Buffers;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Holds the challenge and the verifier to their form (RFC 7636 §4.1 and §4.2), at which the engine does not look:
/// a short verifier can be guessed, and an empty one is not the same as none.
/// </summary>
internal sealed class RequireSoundPkce
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    private const int HashLength = 43;
    private const int MaxLength = 128;

    private static readonly SearchValues<char> Base64Url = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    private static readonly SearchValues<char> Unreserved = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    );

    /// <summary>RFC 7636 §4.1.</summary>
    public static bool IsVerifier(string? text) => Is(text, Unreserved, MaxLength);

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) => CheckChallenge(context);

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) =>
        CheckChallenge(context);

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (
            context.Request.GetParameter(Parameters.CodeVerifier) is { } verifier
            && !IsVerifier((string?)verifier)
        )
        {
            context.Reject(
                Errors.InvalidRequest,
                "The parameter code_verifier must be 43 to 128 letters, digits or any of '-._~'."
            );
        }

        return ValueTask.CompletedTask;
    }

    // S256 is the only method, and its hash has one length.
    private static ValueTask CheckChallenge(BaseValidatingContext context)
    {
        if (
            context.Transaction.Request!.GetParameter(Parameters.CodeChallenge) is { } challenge
            && !Is((string?)challenge, Base64Url, HashLength)
        )
        {
            context.Reject(
                Errors.InvalidRequest,
                "The parameter code_challenge must be a SHA-256 hash in base64url, 43 characters."
            );
        }

        return ValueTask.CompletedTask;
    }

    private static bool Is(string? text, SearchValues<char> alphabet, int maxLength) =>
        text?.Length is >= HashLength
        && text.Length <= maxLength
        && !text.AsSpan().ContainsAnyExcept(alphabet);
}
