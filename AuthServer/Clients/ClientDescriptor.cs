using System.Text.Json;
using AuthServer.Data;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Clients;

/// <summary>A client and an API in OpenIddict's words.</summary>
internal static class ClientDescriptor
{
    public static OpenIddictApplicationDescriptor Of(ClientSettings client)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = client.ClientId,
            ClientSecret = client.ClientSecret,
            ClientType = client.IsConfidential ? ClientTypes.Confidential : ClientTypes.Public,
            ConsentType = client.RequireConsent ? ConsentTypes.Explicit : ConsentTypes.Implicit,
            DisplayName = client.DisplayName ?? client.ClientId,
        };
        descriptor.Permissions.UnionWith(Endpoints(client));
        descriptor.Permissions.UnionWith(
            client.GrantTypes.Select(grant => Permissions.Prefixes.GrantType + grant)
        );
        descriptor.Permissions.UnionWith(client.Scopes.Select(scope => Permissions.Prefixes.Scope + scope));
        descriptor.Requirements.UnionWith(Required(client));
        descriptor.RedirectUris.UnionWith(client.RedirectUris.Select(uri => new Uri(uri)));
        descriptor.PostLogoutRedirectUris.UnionWith(
            client.PostLogoutRedirectUris.Select(uri => new Uri(uri))
        );
        descriptor.Properties[ClientProperties.UserClaimsInIdToken] = Json(client.UserClaimsInIdToken);
        descriptor.Properties[ClientProperties.SigningAlgorithm] = Json(client.IdTokenSigningAlgorithm);
        return descriptor;
    }

    public static IEnumerable<OpenIddictScopeDescriptor> ScopesOf(ApiSettings api) =>
        api.Scopes.Select(scope => new OpenIddictScopeDescriptor
        {
            Name = scope,
            Resources = { api.Name },
            Properties = { [ClientProperties.SigningAlgorithm] = Json(api.SigningAlgorithm) },
        });

    /// <summary>Whether nothing but the secret, which is kept as a hash, tells the two apart.</summary>
    public static bool IsSame(OpenIddictApplicationDescriptor a, OpenIddictApplicationDescriptor b) =>
        (a.ClientType, a.ConsentType, a.DisplayName) == (b.ClientType, b.ConsentType, b.DisplayName)
        && a.Permissions.SetEquals(b.Permissions)
        && a.Requirements.SetEquals(b.Requirements)
        && Texts(a.RedirectUris).SetEquals(Texts(b.RedirectUris))
        && Texts(a.PostLogoutRedirectUris).SetEquals(Texts(b.PostLogoutRedirectUris))
        && IsSame(a.Properties, b.Properties);

    public static bool IsSame(OpenIddictScopeDescriptor a, OpenIddictScopeDescriptor b) =>
        a.Resources.SetEquals(b.Resources) && IsSame(a.Properties, b.Properties);

    private static IEnumerable<string> Endpoints(ClientSettings client)
    {
        if (client.GrantTypes.Count > 0)
        {
            yield return Permissions.Endpoints.Token;
            yield return Permissions.Endpoints.Revocation;
        }

        if (client.Uses(GrantType.AuthorizationCode))
        {
            yield return Permissions.Endpoints.Authorization;
            yield return Permissions.Endpoints.PushedAuthorization;
            yield return Permissions.Endpoints.EndSession;
            yield return Permissions.ResponseTypes.Code;
        }

        if (client.MayIntrospect)
        {
            yield return Permissions.Endpoints.Introspection;
        }
    }

    private static IEnumerable<string> Required(ClientSettings client)
    {
        if (client.RequirePkce)
        {
            yield return Requirements.Features.ProofKeyForCodeExchange;
        }

        if (client.RequirePushedAuthorization)
        {
            yield return Requirements.Features.PushedAuthorizationRequests;
        }
    }

    private static HashSet<string> Texts(IEnumerable<Uri> uris) =>
        [.. uris.Select(uri => uri.OriginalString)];

    private static bool IsSame(Dictionary<string, JsonElement> a, Dictionary<string, JsonElement> b) =>
        a.Count == b.Count
        && a.All(pair => b.TryGetValue(pair.Key, out var other) && JsonElement.DeepEquals(pair.Value, other));

    // Without the serializer, which would make all its converters for these at every start.
    private static JsonElement Json(bool flag) => JsonElement.Parse(flag ? "true"u8 : "false"u8);

    private static JsonElement Json(string? text) =>
        JsonElement.Parse(text is null ? "null" : $"\"{JsonEncodedText.Encode(text)}\"");
}
