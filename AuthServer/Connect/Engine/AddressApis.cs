using System.Collections.Immutable;
using AuthServer.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Addresses the access token to the APIs that its scopes reach (<c>aud</c>, RFC 9068 §3), narrows it when a
/// refresh asks for less (RFC 6749 §6), and notes the signing algorithm that they all take.
/// </summary>
internal sealed class AddressApis(IOpenIddictScopeManager scopes)
    : IOpenIddictServerHandler<ProcessSignInContext>
{
    private const string Property = "access_token_algorithm";

    /// <summary>The algorithm of the access token that this request gives.</summary>
    public static string? Algorithm(OpenIddictServerTransaction transaction) =>
        transaction.Properties.TryGetValue(Property, out var value) ? (string?)value : null;

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType is not OpenIddictServerEndpointType.Token)
        {
            return;
        }

        var names = NarrowAccessToken.ScopesOf(context);
        var resources = new SortedSet<string>(StringComparer.Ordinal);
        var algorithm = Algorithms.Default;
        await foreach (var scope in scopes.FindByNamesAsync(names, context.CancellationToken))
        {
            resources.UnionWith(await scopes.GetResourcesAsync(scope, context.CancellationToken));
            var properties = await scopes.GetPropertiesAsync(scope, context.CancellationToken);
            if (properties.TryGetValue(ClientProperties.SigningAlgorithm, out var wanted))
            {
                // One token, one signature: an API that can take only RS256 decides for all.
                algorithm = wanted.GetString() is Algorithms.Widest ? Algorithms.Widest : algorithm;
            }
        }

        // A token that reaches no API is for our own userinfo endpoint.
        context.Principal!.SetResources(
            resources.Count > 0 ? [.. resources] : ImmutableArray.Create(context.Options.Issuer!.AbsoluteUri)
        );
        context.Transaction.Properties[Property] = algorithm;
    }
}

/// <summary>
/// Gives the access token of a refresh only the scopes that the request asks for; the refresh token keeps what
/// was granted (RFC 6749 §6).
/// </summary>
internal sealed class NarrowAccessToken : IOpenIddictServerHandler<ProcessSignInContext>
{
    /// <summary>The scopes of the access token that this request gives.</summary>
    public static ImmutableArray<string> ScopesOf(ProcessSignInContext context) =>
        context.Request.IsRefreshTokenGrantType() && !string.IsNullOrEmpty(context.Request.Scope)
            ? context.Request.GetScopes()
            : context.Principal!.GetScopes();

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType is OpenIddictServerEndpointType.Token)
        {
            context.AccessTokenPrincipal?.SetScopes(ScopesOf(context));
        }

        return ValueTask.CompletedTask;
    }
}
