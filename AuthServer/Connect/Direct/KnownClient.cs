using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using AuthServer.Connect.Engine;
using AuthServer.Data;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>What is registered of a client, read once for each version of it.</summary>
internal sealed class KnownClient
{
    // A client asks for a few sets of scopes; what one makes up beyond is worked out anew.
    private const int MostReaches = 64;

    private readonly ConcurrentDictionary<string, Reach> _reaches = new(StringComparer.Ordinal);
    private readonly FrozenSet<string> _permissions;

    private KnownClient(Application row, IEnumerable<string> permissions)
    {
        Row = row;
        _permissions = permissions.ToFrozenSet(StringComparer.Ordinal);
        Scopes =
        [
            .. permissions
                .Where(permission =>
                    permission.StartsWith(Permissions.Prefixes.Scope, StringComparison.Ordinal)
                )
                .Select(permission => permission[Permissions.Prefixes.Scope.Length..]),
        ];
    }

    /// <summary>Shared by all requests, so nobody may change it.</summary>
    public Application Row { get; }

    public string Id => Row.ClientId!;

    /// <summary>What it may ask for, in the order of its settings.</summary>
    public ImmutableArray<string> Scopes { get; }

    /// <summary>Signs its ID tokens.</summary>
    public required string IdTokenAlgorithm { get; init; }

    /// <summary>Whether its ID tokens tell what its scopes let it know of the person.</summary>
    public required bool WantsUserClaims { get; init; }

    public static async Task<KnownClient> OfAsync(Application row, HttpContext http)
    {
        var applications = http.RequestServices.GetRequiredService<IOpenIddictApplicationManager>();
        var permissions = await applications.GetPermissionsAsync(row, http.RequestAborted);
        var properties = await applications.GetPropertiesAsync(row, http.RequestAborted);
        return new KnownClient(row, permissions)
        {
            IdTokenAlgorithm = properties.TryGetValue(ClientProperties.SigningAlgorithm, out var algorithm)
                ? algorithm.GetString()!
                : Algorithms.Widest,
            WantsUserClaims =
                properties.TryGetValue(ClientProperties.UserClaimsInIdToken, out var flag)
                && flag.GetBoolean(),
        };
    }

    /// <summary>Whether it has a permission, in the engine's words.</summary>
    public bool May(string permission) => _permissions.Contains(permission);

    /// <summary>The scopes of a token for itself (RFC 6749 §3.3 and §4.4); none when it may not have what it asks for.</summary>
    /// <param name="asked">Null for all that it is for.</param>
    public ImmutableArray<string> ScopesForItself(string? asked)
    {
        if (asked is null)
        {
            return [.. Scopes.Except(RequireClientScopes.OfPersons, StringComparer.Ordinal)];
        }

        ImmutableArray<string> names = [.. asked.Split(' ')];
        return
            names.All(name => Scopes.Contains(name) && !RequireClientScopes.OfPersons.Contains(name))
            && names.Distinct(StringComparer.Ordinal).Count() == names.Length
            ? names
            : [];
    }

    /// <summary>Which APIs a token with these scopes is for.</summary>
    public async ValueTask<Reach> ReachAsync(ImmutableArray<string> names, HttpContext http)
    {
        var key = string.Join(' ', names);
        if (!_reaches.TryGetValue(key, out var reach))
        {
            reach = await Reach.OfAsync(
                http.RequestServices.GetRequiredService<IOpenIddictScopeManager>(),
                names,
                http.RequestServices.GetRequiredService<Issuer>().Uri,
                http.RequestAborted
            );
            if (_reaches.Count < MostReaches)
            {
                _reaches[key] = reach;
            }
        }

        return reach;
    }
}
