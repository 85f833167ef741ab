using System.Collections.Immutable;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Adds to the metadata what we do beyond the engine (OpenID Connect Discovery §3).</summary>
internal sealed class DescribeOurselves : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    private static readonly ImmutableArray<string> Claims =
    [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "at_hash",
        "sid",
        "amr",
        "name",
        "email",
        "email_verified",
    ];

    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        context.Claims.UnionWith(Claims);
        context.Metadata["request_parameter_supported"] = false;
        context.Metadata["request_uri_parameter_supported"] = false;
        return ValueTask.CompletedTask;
    }
}
