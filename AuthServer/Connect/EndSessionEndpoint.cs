using AuthServer.Data;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>Signs a person out at a client's wish: at once when the client proves whom it means, else after asking.</summary>
internal static class EndSessionEndpoint
{
    /// <summary>OpenID Connect RP-Initiated Logout 1.0 §2. The engine has checked hint, client and redirect URI.</summary>
    public static async Task<IResult> HandleAsync(
        HttpContext http,
        SessionCookie cookie,
        IOptionsMonitor<CookieAuthenticationOptions> cookies
    )
    {
        var hint = await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        var signIn = SignIn.From((await http.AuthenticateAsync(SignIn.Scheme)).Principal);
        if (signIn is not null && hint.Principal?.GetClaim(Claims.Subject) != signIn.AccountId)
        {
            // Nobody signs a person out by a link: they say so themselves, and come back here (§2, last paragraph).
            var back = http.Request.Path + RequestOf(http);
            var page = cookies.Get(SignIn.Scheme).LogoutPath.Value!;
            return Results.LocalRedirect(QueryHelpers.AddQueryString(page, "returnUrl", back));
        }

        await cookie.SignOutAsync(http, "signed out by a client");
        return Results.SignOut(
            new AuthenticationProperties { RedirectUri = "/connect/signed-out" },
            [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]
        );
    }

    // The hint has done its work, and a token does not belong into a URL that we make.
    private static string RequestOf(HttpContext http)
    {
        IEnumerable<KeyValuePair<string, StringValues>> parameters = HttpMethods.IsPost(http.Request.Method)
            ? http.Request.Form
            : http.Request.Query;
        return new QueryBuilder(parameters.Where(parameter => parameter.Key != Parameters.IdTokenHint))
            .ToQueryString()
            .ToString();
    }
}
