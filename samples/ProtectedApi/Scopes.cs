using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace ProtectedApi;

/// <summary>The scope that an endpoint asks of a token.</summary>
internal sealed record Scope(string Name);

/// <summary>Guards endpoints by scope, and says in the standard's words which scope a token lacked.</summary>
internal static class Scopes
{
    /// <summary>401 without a valid token, 403 with one that does not carry <paramref name="scope"/>.</summary>
    public static void RequireScope(this IEndpointConventionBuilder endpoint, string scope) =>
        endpoint
            .WithMetadata(new Scope(scope))
            .RequireAuthorization(policy =>
                policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.HasScope(scope))
            );

    /// <summary>The challenge of RFC 6750 §3.1: the client learns what to ask for.</summary>
    public static Task Challenge(ForbiddenContext context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<Scope>() is { } scope)
        {
            context.Response.Headers.WWWAuthenticate =
                $"Bearer error=\"insufficient_scope\", scope=\"{scope.Name}\"";
        }

        return Task.CompletedTask;
    }

    // All scopes stand in one claim, parted by spaces (RFC 9068 §2.2.3): RequireClaim("scope", …) would miss them.
    private static bool HasScope(this ClaimsPrincipal caller, string scope) =>
        caller.FindFirstValue("scope")?.Split(' ').Contains(scope) == true;
}
