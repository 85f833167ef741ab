using AuthServer.Connect.Engine;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>Tells a client what the scopes of its access token let it know of the person, as of now.</summary>
internal static class UserInfoEndpoint
{
    /// <summary>OpenID Connect Core §5.3; GET and POST.</summary>
    public static async Task<IResult> HandleAsync(HttpContext http, TimeProvider _)
    {
        var token = await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        var transaction = http.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!;
        // A client's own token speaks for nobody.
        if (token.Principal is not { } principal || ValidateFamily.Owner(transaction) is not { } owner)
        {
            return OAuthError.InvalidToken();
        }

        if (!principal.HasScope(Scopes.OpenId))
        {
            return OAuthError.InsufficientScope();
        }

        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [Claims.Subject] = owner.Account.Id,
        };
        foreach (var (name, value) in Subject.ClaimsOf(owner.Account, principal.GetScopes()))
        {
            claims[name] = value;
        }

        return Results.Json(claims);
    }
}
