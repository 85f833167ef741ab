using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Stock;

/// <summary>What the engine leaves to its user: who is signed in, and what stands in the tokens.</summary>
internal static class Endpoints
{
    private const string Engine = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;
    private const string Cookie = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Nobody is asked for a password: the session is what is wanted.</summary>
    public static async Task<IResult> SignInAsync(HttpContext http)
    {
        await http.SignInAsync(Cookie, new ClaimsPrincipal(Identity(Cookie, "ada")));
        return Results.NoContent();
    }

    public static async Task<IResult> AuthorizeAsync(HttpContext http, IOpenIddictScopeManager scopes)
    {
        var signedIn = await http.AuthenticateAsync(Cookie);
        return signedIn.Principal is { } person
            ? await IssueAsync(http, scopes, person.GetClaim(Claims.Subject)!)
            : Results.Challenge(authenticationSchemes: [Cookie]);
    }

    public static async Task<IResult> TokenAsync(HttpContext http, IOpenIddictScopeManager scopes)
    {
        var request = http.GetOpenIddictServerRequest()!;
        if (request.IsClientCredentialsGrantType())
        {
            return await IssueAsync(http, scopes, request.ClientId!);
        }

        var presented = await http.AuthenticateAsync(Engine);
        var identity = new ClaimsIdentity(presented.Principal!.Claims, Engine, Claims.Name, Claims.Role);
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: Engine);
    }

    public static async Task<IResult> UserInfoAsync(HttpContext http)
    {
        var presented = await http.AuthenticateAsync(Engine);
        return Results.Json(new { sub = presented.Principal!.GetClaim(Claims.Subject) });
    }

    private static async Task<IResult> IssueAsync(
        HttpContext http,
        IOpenIddictScopeManager scopes,
        string subject
    )
    {
        var identity = Identity(Engine, subject);
        identity.SetScopes(http.GetOpenIddictServerRequest()!.GetScopes());
        var resources = new List<string>();
        await foreach (var resource in scopes.ListResourcesAsync(identity.GetScopes(), http.RequestAborted))
        {
            resources.Add(resource);
        }

        identity.SetResources(resources);
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: Engine);
    }

    private static ClaimsIdentity Identity(string scheme, string subject) =>
        new ClaimsIdentity(scheme, Claims.Name, Claims.Role).SetClaim(Claims.Subject, subject);
}
