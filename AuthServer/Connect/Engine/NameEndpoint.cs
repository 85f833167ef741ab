using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Says which endpoint a request is for. The engine builds and compares an address for each that it could be, and does so
/// for every page too.
/// </summary>
internal sealed class NameEndpoint : IOpenIddictServerHandler<ProcessRequestContext>
{
    private static readonly Dictionary<string, OpenIddictServerEndpointType> Endpoints = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["/connect/authorize"] = OpenIddictServerEndpointType.Authorization,
        ["/connect/token"] = OpenIddictServerEndpointType.Token,
        ["/connect/userinfo"] = OpenIddictServerEndpointType.UserInfo,
        ["/connect/introspect"] = OpenIddictServerEndpointType.Introspection,
        ["/connect/revoke"] = OpenIddictServerEndpointType.Revocation,
        ["/connect/logout"] = OpenIddictServerEndpointType.EndSession,
        ["/connect/par"] = OpenIddictServerEndpointType.PushedAuthorization,
        ["/.well-known/jwks"] = OpenIddictServerEndpointType.JsonWebKeySet,
        ["/.well-known/openid-configuration"] = OpenIddictServerEndpointType.Configuration,
        ["/.well-known/oauth-authorization-server"] = OpenIddictServerEndpointType.Configuration,
    };

    public ValueTask HandleAsync(ProcessRequestContext context)
    {
        var path = context.Transaction.GetHttpRequest()!.Path.Value ?? "";
        context.EndpointType = Endpoints.GetValueOrDefault(
            // RFC 3986 would have them differ; the engine, and who copies addresses, does not.
            path.EndsWith('/')
                ? path[..^1]
                : path
        );
        return ValueTask.CompletedTask;
    }
}
