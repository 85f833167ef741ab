using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Accounts.External.Google;

/// <summary>Judges an ID token of Google (OpenID Connect Core §3.1.3.7). Everything we learn of a person comes from this one token.</summary>
internal sealed class GoogleIdToken(IOptions<ExternalOptions> options, GoogleKeys keys, TimeProvider clock)
{
    /// <summary>The issuer of every link, also of tokens that spell it without the scheme.</summary>
    public const string Issuer = "https://accounts.google.com";

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    // It was made for the code that we have just exchanged.
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(10);

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = 16 * 1024 };

    private string ClientId => options.Value.Google.ClientId;

    /// <summary>Who it is, or why not in our own words.</summary>
    /// <exception cref="InvalidOperationException">Google's keys cannot be had.</exception>
    public async Task<(ExternalIdentity? Identity, string Refusal)> ReadAsync(
        string? token,
        string nonce,
        CancellationToken cancellation
    )
    {
        if (string.IsNullOrEmpty(token))
        {
            return (null, "there is no ID token");
        }

        var result = await _handler.ValidateTokenAsync(token, await RulesAsync(cancellation));
        if (!result.IsValid)
        {
            if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
            {
                keys.Refresh();
            }

            return (null, Explain(result.Exception));
        }

        var encoded = ((JsonWebToken)result.SecurityToken).EncodedPayload;
        using var claims = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(encoded));
        var refusal = Judge(claims.RootElement, nonce);
        return refusal is null ? (IdentityIn(claims.RootElement), "") : (null, refusal);
    }

    private async Task<TokenValidationParameters> RulesAsync(CancellationToken cancellation) =>
        new()
        {
            IssuerSigningKeys = await keys.GetAsync(cancellation),
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256],
            ValidIssuers = [Issuer, "accounts.google.com"],
            ValidAudience = ClientId,
            LifetimeValidator = (notBefore, expires, _, _) =>
                expires > clock.GetUtcNow().UtcDateTime - Skew
                && (notBefore is null || notBefore < clock.GetUtcNow().UtcDateTime + Skew),
        };

    private string? Judge(JsonElement claims, string nonce)
    {
        // "aud" may be a list; with others in it the token is not for us alone.
        if (Text(claims, "aud") != ClientId || (Text(claims, "azp") ?? ClientId) != ClientId)
        {
            return "the ID token is not for us alone";
        }

        if (Text(claims, "nonce") is not { } told || !string.Equals(told, nonce, StringComparison.Ordinal))
        {
            return "the ID token answers another request";
        }

        return !IsRecent(claims) ? "the ID token was not made just now"
            : Text(claims, "sub") is null or { Length: 0 or > ExternalIdentity.MaxLength }
                ? "the ID token names nobody"
            : null;
    }

    private bool IsRecent(JsonElement claims)
    {
        if (
            !claims.TryGetProperty("iat", out var iat)
            || iat.ValueKind != JsonValueKind.Number
            || !iat.TryGetInt64(out var seconds)
        )
        {
            return false;
        }

        var age = clock.GetUtcNow().ToUnixTimeSeconds() - (double)seconds;
        return age >= -Skew.TotalSeconds && age <= Oldest.TotalSeconds;
    }

    private static ExternalIdentity IdentityIn(JsonElement claims) =>
        new(
            Issuer,
            Text(claims, "sub")!,
            Text(claims, "email"),
            // The text "true", 1, or nothing at all is not it.
            EmailVerified: claims.TryGetProperty("email_verified", out var verified)
                && verified.ValueKind == JsonValueKind.True,
            Text(claims, "name"),
            GoogleModule.Provider
        );

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Explain(Exception exception) =>
        exception switch
        {
            SecurityTokenInvalidAudienceException => "the ID token is for somebody else",
            SecurityTokenInvalidIssuerException => "the ID token is from somebody else",
            SecurityTokenInvalidLifetimeException
            or SecurityTokenExpiredException
            or SecurityTokenNoExpirationException => "the ID token is not of now",
            SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException =>
                "the ID token is not signed by Google",
            _ => "the ID token cannot be read",
        };
}
