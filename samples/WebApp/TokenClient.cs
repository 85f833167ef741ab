using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace WebApp;

/// <summary>
/// Exchanges refresh tokens (RFC 6749 §6). Each is used once: requests that come together with the same one, from two
/// tabs say, or a moment later with a cookie that was not yet renewed, get the same answer.
/// </summary>
internal sealed class TokenClient(IMemoryCache answers, IOptionsMonitor<OpenIdConnectOptions> options)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();

    /// <summary>New tokens, or null when AuthServer refuses: the person must sign in again.</summary>
    /// <exception cref="HttpRequestException">AuthServer was not reached or is not well: worth another try.</exception>
    public async Task<OpenIdConnectMessage?> RefreshAsync(string refreshToken)
    {
        Task<OpenIdConnectMessage?> answer;
        lock (_gate)
        {
            answer = answers.GetOrCreate(
                refreshToken,
                entry =>
                {
                    entry.AbsoluteExpirationRelativeToNow = Remembered;
                    return ExchangeAsync(refreshToken);
                }
            )!;
        }

        try
        {
            return await answer;
        }
        catch
        {
            answers.Remove(refreshToken);
            throw;
        }
    }

    // Nobody may cancel it: the exchange belongs to all who wait for it.
    private async Task<OpenIdConnectMessage?> ExchangeAsync(string refreshToken)
    {
        var oidc = options.Get(OpenIdConnectDefaults.AuthenticationScheme);
        var metadata = await oidc.ConfigurationManager!.GetConfigurationAsync(CancellationToken.None);
        using var form = new FormUrlEncodedContent([
            new("grant_type", "refresh_token"),
            new("refresh_token", refreshToken),
            new("client_id", oidc.ClientId),
            new("client_secret", oidc.ClientSecret),
        ]);
        using var answer = await oidc.Backchannel.PostAsync(metadata.TokenEndpoint, form);
        var message = new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync());
        if (message.Error == "invalid_grant")
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        return message;
    }
}
