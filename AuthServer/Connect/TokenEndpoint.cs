using System.Collections.Immutable;
using System.Security.Claims;
using AuthServer.Connect.Engine;
using AuthServer.Data;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>
/// Says whom the tokens speak for. The engine has authenticated the client and checked what it brought; who the
/// person is now, we ask ourselves at every request.
/// </summary>
internal static class TokenEndpoint
{
    /// <summary>RFC 6749 §3.2.</summary>
    public static async Task<IResult> HandleAsync(
        HttpContext http,
        IOpenIddictApplicationManager applications,
        IOptions<TokensOptions> options,
        TimeProvider clock
    )
    {
        var request = http.GetOpenIddictServerRequest()!;
        var client = (await applications.FindByClientIdAsync(request.ClientId!, http.RequestAborted))!;
        var allowed = ScopesOf(await applications.GetPermissionsAsync(client, http.RequestAborted));
        if (request.IsClientCredentialsGrantType())
        {
            // RFC 6749 §3.3: who asks for no scope in particular gets the default, which is all that the client is for.
            var asked = request.GetScopes();
            var scopes = asked.IsEmpty
                ? [.. allowed.Except(RequireClientScopes.OfPersons, StringComparer.Ordinal)]
                : asked;
            return Issue(Subject.OfClient(request.ClientId!, scopes));
        }

        // A code or a refresh token: both hang on a family.
        var presented = await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        var transaction = http.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!;
        if (presented.Principal is not { } principal || ValidateFamily.Owner(transaction) is not { } owner)
        {
            return OAuthError.InvalidGrant("The token is no longer good.");
        }

        var left = owner.BeganAt + options.Value.RefreshTokenAbsoluteLifetime - clock.GetUtcNow().UtcDateTime;
        if (left <= TimeSpan.Zero)
        {
            return OAuthError.InvalidGrant("The sign-in is too long ago: the person must sign in again.");
        }

        var properties = await applications.GetPropertiesAsync(client, http.RequestAborted);
        var withUserClaims =
            properties.TryGetValue(ClientProperties.UserClaimsInIdToken, out var flag) && flag.GetBoolean();
        // What was granted, but for what has been taken from the client since.
        var granted = principal.GetScopes().Intersect(allowed, StringComparer.Ordinal).ToImmutableArray();
        var subject = Subject.Of(owner, granted, withUserClaims);
        // Sliding, up to the absolute end.
        subject.SetRefreshTokenLifetime(Min(options.Value.RefreshTokenLifetime, left));
        return Issue(subject);
    }

    private static ImmutableArray<string> ScopesOf(ImmutableArray<string> permissions) =>
        [
            .. permissions
                .Where(permission =>
                    permission.StartsWith(Permissions.Prefixes.Scope, StringComparison.Ordinal)
                )
                .Select(permission => permission[Permissions.Prefixes.Scope.Length..]),
        ];

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static IResult Issue(ClaimsPrincipal principal) =>
        Results.SignIn(
            principal,
            authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme
        );
}
