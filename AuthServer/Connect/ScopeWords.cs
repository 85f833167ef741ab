using System.Collections.Immutable;
using OpenIddict.Abstractions;
using static AuthServer.Language.Words;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>Says in human words what a scope allows.</summary>
internal static class ScopeWords
{
    /// <summary>One line a scope, in the order asked.</summary>
    public static async Task<IReadOnlyList<string>> ForAsync(
        IOpenIddictScopeManager scopes,
        ImmutableArray<string> names,
        CancellationToken cancellation
    )
    {
        var words = new List<string>();
        foreach (var name in names)
        {
            words.Add(Standard(name) ?? await OfApiAsync(scopes, name, cancellation));
        }

        return words;
    }

    private static string? Standard(string scope) =>
        scope switch
        {
            Scopes.OpenId => Say("know that it is you"),
            Scopes.Profile => Say("see your name"),
            Scopes.Email => Say("see your e-mail address"),
            Scopes.OfflineAccess => Say("keep this access while you are away, until you sign out here"),
            _ => null,
        };

    private static async Task<string> OfApiAsync(
        IOpenIddictScopeManager scopes,
        string name,
        CancellationToken cancellation
    )
    {
        var scope = await scopes.FindByNameAsync(name, cancellation);
        if (scope is null)
        {
            return name;
        }

        var apis = await scopes.GetResourcesAsync(scope, cancellation);
        return await scopes.GetDisplayNameAsync(scope, cancellation)
            ?? Say("use {0} for you ({1})", string.Join(Say(" and "), apis), name);
    }
}
