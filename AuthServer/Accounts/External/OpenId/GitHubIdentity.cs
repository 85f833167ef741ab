using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using static OpenIddict.Client.AspNetCore.OpenIddictClientAspNetCoreConstants;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>
/// Tells who somebody is at GitHub, which has no ID tokens: the number of the user, by the access token that the code
/// was exchanged for. The address is the primary one of their list, the only place that says whether it is verified.
/// </summary>
internal sealed class GitHubIdentity(OutboundHttp outbound, IOptions<ExternalOptions> options)
{
    /// <summary>Who it is, or why not in our own words.</summary>
    /// <exception cref="HttpRequestException">GitHub does not answer.</exception>
    public async Task<(ExternalIdentity? Identity, string Refusal)> ReadAsync(
        ExternalProvider provider,
        AuthenticationProperties arrived,
        CancellationToken cancellation
    )
    {
        var user = arrived.GetParameter<ClaimsPrincipal>(Properties.UserInfoTokenPrincipal);
        if (user?.Number("id") is not { } id)
        {
            return (null, "GitHub names nobody");
        }

        var token = arrived.GetTokenValue(Tokens.BackchannelAccessToken);
        var primary = await PrimaryAddressAsync(token, cancellation);
        return (
            new ExternalIdentity(
                provider.Issuer,
                id,
                primary?.Email ?? user.Text("email"),
                primary?.Verified ?? false,
                user.Text("name") ?? user.Text("login"),
                provider.Id
            ),
            ""
        );
    }

    // Null when the person, or the app's settings there, do not let us see the list.
    private async Task<Address?> PrimaryAddressAsync(string? token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, options.Value.GitHub.EmailsEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/vnd.github+json");
        request.Headers.UserAgent.ParseAdd("AuthServer");
        using var answer = await outbound.Client.SendAsync(request, cancellation);
        if (answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        var addresses = await answer.Content.ReadFromJsonAsync<List<Address>>(cancellation);
        return addresses?.Find(address => address.IsPrimary);
    }

    private sealed record Address(
        [property: JsonPropertyName("email")] string? Email,
        [property: JsonPropertyName("primary")] bool IsPrimary,
        [property: JsonPropertyName("verified")] bool Verified
    );
}
