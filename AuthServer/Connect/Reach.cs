using System.Collections.Immutable;
using AuthServer.Data;
using OpenIddict.Abstractions;

namespace AuthServer.Connect;

/// <summary>The APIs that some scopes reach, and the algorithm that all of them take.</summary>
/// <param name="Apis">By name, in order (<c>aud</c>, RFC 9068 §3).</param>
/// <param name="Algorithm">Signs the access token.</param>
internal sealed record Reach(ImmutableArray<string> Apis, string Algorithm)
{
    /// <summary>Scopes that reach no API are for our own userinfo endpoint, which goes by the name of the issuer.</summary>
    public static async ValueTask<Reach> OfAsync(
        IOpenIddictScopeManager scopes,
        ImmutableArray<string> names,
        Uri issuer,
        CancellationToken cancellation
    )
    {
        var apis = new SortedSet<string>(StringComparer.Ordinal);
        var algorithm = Algorithms.Default;
        await foreach (var scope in scopes.FindByNamesAsync(names, cancellation))
        {
            apis.UnionWith(await scopes.GetResourcesAsync(scope, cancellation));
            var properties = await scopes.GetPropertiesAsync(scope, cancellation);
            if (properties.TryGetValue(ClientProperties.SigningAlgorithm, out var wanted))
            {
                // One token, one signature: an API that can take only RS256 decides for all.
                algorithm = wanted.GetString() is Algorithms.Widest ? Algorithms.Widest : algorithm;
            }
        }

        return new Reach(apis.Count > 0 ? [.. apis] : [issuer.AbsoluteUri], algorithm);
    }
}
