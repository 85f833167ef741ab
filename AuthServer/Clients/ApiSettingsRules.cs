namespace AuthServer.Clients;

/// <summary>What is wrong with the APIs as configured, a sentence each.</summary>
internal static class ApiSettingsRules
{
    public const int MaxNameLength = 100;

    /// <summary>The scopes that every server knows: who the person is, and refresh tokens.</summary>
    public static readonly IReadOnlyList<string> BuiltInScopes =
    [
        "openid",
        "profile",
        "email",
        "offline_access",
    ];

    public static IEnumerable<string> Mistakes(ClientsOptions options)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, api) in options.Apis)
        {
            IEnumerable<string> mistakes =
            [
                .. Name(path, api, names),
                .. Scopes(path, api, owners),
                .. Algorithm($"{path}:SigningAlgorithm", api.SigningAlgorithm),
            ];
            foreach (var mistake in mistakes)
            {
                yield return mistake;
            }
        }
    }

    /// <summary>Shared with the clients: we sign with two algorithms.</summary>
    public static IEnumerable<string> Algorithm(string path, string algorithm)
    {
        if (algorithm is not ("RS256" or "ES256"))
        {
            yield return $"{path} '{algorithm}' is not an algorithm that we sign with: write ES256 or RS256.";
        }
    }

    private static IEnumerable<string> Name(string path, ApiSettings api, HashSet<string> names)
    {
        if (!IsToken(api.Name))
        {
            yield return $"{path}:Name must be 1 to {MaxNameLength} visible ASCII characters without '\"' and '\\': it is the 'aud' of the API's access tokens.";
        }
        else if (!names.Add(api.Name))
        {
            yield return $"{path}:Name '{api.Name}' is given to another API already: put the scopes of both into one entry, or rename one.";
        }
    }

    private static IEnumerable<string> Scopes(string path, ApiSettings api, Dictionary<string, string> owners)
    {
        if (api.Scopes.Count == 0)
        {
            yield return $"{path}:Scopes is empty, so no client can be granted anything at this API: add a scope such as '{api.Name}.read'.";
        }

        foreach (var (i, scope) in api.Scopes.Index())
        {
            if (!IsToken(scope))
            {
                yield return $"{path}:Scopes:{i} must be 1 to {MaxNameLength} visible ASCII characters without '\"' and '\\' (RFC 6749 section 3.3).";
            }
            else if (BuiltInScopes.Contains(scope))
            {
                yield return $"{path}:Scopes:{i} '{scope}' is built in and belongs to no API: remove it, or rename it.";
            }
            else if (!owners.TryAdd(scope, api.Name))
            {
                yield return $"{path}:Scopes:{i} '{scope}' belongs to the API '{owners[scope]}' already: a scope names one API; rename one of them.";
            }
        }
    }

    // scope-token of RFC 6749 §3.3.
    private static bool IsToken(string text) =>
        text.Length is >= 1 and <= MaxNameLength
        && text.All(c => c is >= '!' and <= '~' and not ('"' or '\\'));
}
