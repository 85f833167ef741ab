namespace AuthServer.Clients;

/// <summary>What is wrong with one client as configured, a sentence each that names the setting and the cure.</summary>
internal static class ClientSettingsRules
{
    private const int MinSecretLength = 32;
    private const int MaxLength = 100;

    /// <summary>All of them, in the order of the settings.</summary>
    /// <param name="path">Where the client stands: <c>Clients:2</c>.</param>
    /// <param name="client">The client.</param>
    /// <param name="scopes">Every scope there is.</param>
    public static IEnumerable<string> Mistakes(
        string path,
        ClientSettings client,
        IReadOnlySet<string> scopes
    ) =>
        [
            .. Id($"{path}:ClientId", client),
            .. Name($"{path}:DisplayName", client),
            .. Secret(path, client),
            .. Grants(path, client),
            .. Uris($"{path}:RedirectUris", client.RedirectUris),
            .. Uris($"{path}:PostLogoutRedirectUris", client.PostLogoutRedirectUris),
            .. Scopes($"{path}:Scopes", client, scopes),
            .. Switches(path, client),
            .. ApiSettingsRules.Algorithm($"{path}:IdTokenSigningAlgorithm", client.IdTokenSigningAlgorithm),
        ];

    private static IEnumerable<string> Id(string path, ClientSettings client)
    {
        if (client.ClientId.Length == 0)
        {
            yield return $"{path} is missing: give the client a short name such as 'shop-web'.";
        }
        else if (client.ClientId.Length > MaxLength || !client.ClientId.All(c => c is > ' ' and <= '~'))
        {
            yield return $"{path} must be at most {MaxLength} visible ASCII characters, without spaces.";
        }
        else if (Guid.TryParse(client.ClientId, out _))
        {
            // The 'sub' of a client's own tokens is its id, and that of people is a GUID (RFC 9700 §4.15).
            yield return $"{path} '{client.ClientId}' looks like the id of a person, and a token of the client could pass for one of that person: choose a name that is not a GUID.";
        }
    }

    private static IEnumerable<string> Name(string path, ClientSettings client)
    {
        // People decide by this name on the consent page; direction marks would let it show another one.
        if (client.DisplayName is { } name && (name.Length > MaxLength || name.Any(IsInvisible)))
        {
            yield return $"{path} must be at most {MaxLength} characters, without control characters or direction marks.";
        }
    }

    private static bool IsInvisible(char c) =>
        char.IsControl(c)
        || char.GetUnicodeCategory(c)
            is System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator;

    private static IEnumerable<string> Secret(string path, ClientSettings client)
    {
        switch (client)
        {
            case { Type: not (null or ClientSettings.Public or ClientSettings.Confidential) }:
                yield return $"{path}:Type '{client.Type}' is not a client type: write 'public' or 'confidential', or leave it out.";
                break;
            case { Type: ClientSettings.Public, ClientSecret: not null }:
                yield return $"{path}:Type is 'public', yet there is a ClientSecret: remove the secret, or write 'confidential' if the client can keep it.";
                break;
            case { Type: ClientSettings.Confidential, ClientSecret: null }:
                yield return $"{path}:ClientSecret is missing: give this confidential client a random one of {MinSecretLength} characters or more ('openssl rand -hex 32').";
                break;
            case { ClientSecret.Length: < MinSecretLength }:
                yield return $"{path}:ClientSecret is shorter than {MinSecretLength} characters and could be guessed: make a random one ('openssl rand -hex 32'), or leave it out for a public client.";
                break;
            case { ClientSecret: { } secret } when secret == client.ClientId:
                yield return $"{path}:ClientSecret equals the client id, which everybody may know: make a random one ('openssl rand -hex 32').";
                break;
        }
    }

    private static IEnumerable<string> Grants(string path, ClientSettings client)
    {
        foreach (
            var (i, grant) in client.GrantTypes.Index().Where(grant => !GrantType.All.Contains(grant.Item))
        )
        {
            yield return $"{path}:GrantTypes:{i} '{grant}' is not offered: there are {string.Join(", ", GrantType.All)} (RFC 9700 section 2 retired the others).";
        }

        if (client is { GrantTypes.Count: 0, MayIntrospect: false })
        {
            yield return $"{path}:GrantTypes is empty and the client may not introspect, so it can do nothing: add a grant type such as {GrantType.AuthorizationCode}.";
        }

        if (client.Uses(GrantType.AuthorizationCode) && client.RedirectUris.Count == 0)
        {
            yield return $"{path}:RedirectUris is empty: {GrantType.AuthorizationCode} needs at least one URI to come back to.";
        }

        if (
            !client.Uses(GrantType.AuthorizationCode)
            && client.RedirectUris.Count + client.PostLogoutRedirectUris.Count > 0
        )
        {
            yield return $"{path}:RedirectUris and PostLogoutRedirectUris are of no use without the grant type {GrantType.AuthorizationCode}: add it, or remove them.";
        }

        if (client.Uses(GrantType.ClientCredentials) && !client.IsConfidential)
        {
            yield return $"{path}:GrantTypes has {GrantType.ClientCredentials}, with which the client proves itself by its secret: add a ClientSecret, or remove it.";
        }

        if (client.Uses(GrantType.RefreshToken) && !client.Uses(GrantType.AuthorizationCode))
        {
            yield return $"{path}:GrantTypes has {GrantType.RefreshToken} alone, and nothing gives the first refresh token: add {GrantType.AuthorizationCode}, or remove it.";
        }
    }

    private static IEnumerable<string> Uris(string path, List<string> uris) =>
        from uri in uris.Index()
        let fault = RedirectUriRules.Fault(uri.Item)
        where fault is not null
        select $"{path}:{uri.Index} '{Shown(uri.Item)}' {fault}";

    private static string Shown(string uri) => string.Concat(uri.Select(c => char.IsControl(c) ? '?' : c));

    private static IEnumerable<string> Scopes(string path, ClientSettings client, IReadOnlySet<string> known)
    {
        foreach (var (i, scope) in client.Scopes.Index())
        {
            if (!known.Contains(scope))
            {
                yield return $"{path}:{i} '{scope}' is declared by no API: correct it, or add it to the Scopes of an entry of Apis.";
            }
            else if (
                ApiSettingsRules.BuiltInScopes.Contains(scope) && !client.Uses(GrantType.AuthorizationCode)
            )
            {
                yield return $"{path}:{i} '{scope}' is about a person, and only {GrantType.AuthorizationCode} signs one in: add that grant type, or remove the scope.";
            }
        }

        if (client.Uses(GrantType.AuthorizationCode))
        {
            switch (client.Uses(GrantType.RefreshToken), client.Scopes.Contains("offline_access"))
            {
                case (true, false):
                    yield return $"{path} lacks 'offline_access', by which a client asks for the refresh token that its grant type {GrantType.RefreshToken} is for: add it, or remove the grant type.";
                    break;
                case (false, true):
                    yield return $"{path} has 'offline_access', which asks for a refresh token: add the grant type {GrantType.RefreshToken}, or remove the scope.";
                    break;
            }
        }
    }

    private static IEnumerable<string> Switches(string path, ClientSettings client)
    {
        if (client is { Introspection: true, IsConfidential: false })
        {
            yield return $"{path}:Introspection needs a client that proves who asks: add a ClientSecret, or remove it.";
        }

        var isOpenId = client.Uses(GrantType.AuthorizationCode) && client.Scopes.Contains("openid");
        if (!client.RequirePkce && !(client.IsConfidential && isOpenId))
        {
            yield return $"{path}:RequirePkce may be false only for a confidential client with the scope 'openid', which a nonce protects instead (RFC 9700 section 2.1.1): remove it.";
        }

        if (client.RequirePushedAuthorization && !client.Uses(GrantType.AuthorizationCode))
        {
            yield return $"{path}:RequirePushedAuthorization is of no use without the grant type {GrantType.AuthorizationCode}: remove it.";
        }
    }
}
