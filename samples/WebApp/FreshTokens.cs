using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace WebApp;

/// <summary>Keeps the tokens in the cookie usable: renews them a minute before the access token expires.</summary>
internal sealed partial class FreshTokens(TokenClient tokens, TimeProvider clock, ILogger<FreshTokens> logger)
    : CookieAuthenticationEvents
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (ExpiryOf(context.Properties) - clock.GetUtcNow() > Margin)
        {
            return;
        }

        try
        {
            if (await TryRefreshAsync(context.Properties))
            {
                context.ShouldRenew = true;
            }
            else
            {
                // Nobody is signed in any more: a page that needs somebody sends the browser to AuthServer.
                context.RejectPrincipal();
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // AuthServer is away for a moment. The token may do for this request; the next one tries again.
            Log.NotRefreshed(logger, exception);
        }
    }

    /// <summary>Puts new tokens into <paramref name="properties"/>, for the caller to store in the cookie.</summary>
    /// <returns>False when the person must sign in again.</returns>
    public async Task<bool> TryRefreshAsync(AuthenticationProperties properties)
    {
        if (
            properties.GetTokenValue("refresh_token") is not { } refreshToken
            || await tokens.RefreshAsync(refreshToken) is not { } answer
        )
        {
            return false;
        }

        var expiry = clock.GetUtcNow().AddSeconds(int.Parse(answer.ExpiresIn, CultureInfo.InvariantCulture));
        properties.UpdateTokenValue("access_token", answer.AccessToken);
        properties.UpdateTokenValue("refresh_token", answer.RefreshToken ?? refreshToken);
        properties.UpdateTokenValue("expires_at", expiry.ToString("o", CultureInfo.InvariantCulture));
        // The ID token stays the one of the sign-in, which was validated; signing out sends it as a hint.
        return true;
    }

    /// <summary>When the access token ends; long ago when the cookie does not tell.</summary>
    public static DateTimeOffset ExpiryOf(AuthenticationProperties properties) =>
        DateTimeOffset.TryParse(
            properties.GetTokenValue("expires_at"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.RoundtripKind,
            out var expiry
        )
            ? expiry
            : DateTimeOffset.MinValue;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The access token could not be refreshed.")]
        public static partial void NotRefreshed(ILogger logger, Exception exception);
    }
}
