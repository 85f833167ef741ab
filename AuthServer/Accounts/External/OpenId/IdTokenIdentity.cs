using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpenIddict.Client;
using static OpenIddict.Client.AspNetCore.OpenIddictClientAspNetCoreConstants;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>
/// Tells whom an ID token is about. The engine has proved signature, issuer, audience and nonce (OpenID Connect Core
/// §3.1.3.7); this holds it to what the engine leaves open: its time, and that it is for us alone.
/// </summary>
internal sealed class IdTokenIdentity(IOptionsMonitor<OpenIddictClientOptions> engine, TimeProvider clock)
{
    /// <summary>How far another clock may be from ours.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    // It was made for the code that we have just exchanged.
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(10);

    /// <summary>Who it is, or why not in our own words.</summary>
    public (ExternalIdentity? Identity, string Refusal) Read(
        ExternalProvider provider,
        AuthenticationProperties arrived
    )
    {
        var token = arrived.GetParameter<ClaimsPrincipal>(Properties.BackchannelIdentityTokenPrincipal);
        if (token is null)
        {
            return (null, "there is no ID token");
        }

        var refusal = Judge(token, provider);
        return refusal is null
            ? (IdentityIn(token, UserInfoOf(arrived) ?? token, provider), "")
            : (null, refusal);
    }

    // The engine asks there only when the ID token tells no address, and refuses an answer about somebody else.
    private static ClaimsPrincipal? UserInfoOf(AuthenticationProperties arrived) =>
        arrived.GetParameter<ClaimsPrincipal>(Properties.UserInfoTokenPrincipal);

    private string? Judge(ClaimsPrincipal token, ExternalProvider provider)
    {
        var clientId = engine
            .CurrentValue.Registrations.Single(registration => registration.RegistrationId == provider.Id)
            .ClientId;
        return token.FindAll("aud").Select(claim => claim.Value).ToList() is not [var audience]
            || audience != clientId
                ? "the ID token is not for us alone"
            : token.Text("iss") is not { } issuer || !provider.Vouches(issuer)
                ? "the ID token is from somebody else"
            : !IsOfNow(token) ? "the ID token is not of now"
            : token.Text("sub") is not { Length: > 0 and <= ExternalIdentity.MaxLength }
                ? "the ID token names nobody"
            : null;
    }

    private bool IsOfNow(ClaimsPrincipal token)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return Seconds(token, "iat") is { } made
            && Seconds(token, "exp") is { } expires
            && now - made >= -Skew.TotalSeconds
            && now - made <= Oldest.TotalSeconds
            && now - expires < Skew.TotalSeconds;
    }

    private static double? Seconds(ClaimsPrincipal token, string type) =>
        long.TryParse(token.Number(type), CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    private static ExternalIdentity IdentityIn(
        ClaimsPrincipal token,
        ClaimsPrincipal profile,
        ExternalProvider provider
    ) =>
        new(
            provider.IssuerOf(token.Text("iss")!),
            token.Text("sub")!,
            profile.Text("email"),
            profile.IsTrue("email_verified"),
            profile.Text("name"),
            provider.Id
        );
}
