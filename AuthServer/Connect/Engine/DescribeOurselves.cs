using System.Collections.Immutable;
using AuthServer.Data;
using AuthServer.Language;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Adds to the metadata what we do beyond the engine (OpenID Connect Discovery §3).</summary>
internal sealed class DescribeOurselves(ClientDirectory directory)
    : IOpenIddictServerHandler<HandleConfigurationRequestContext>
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

    public async ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        context.Claims.UnionWith(Claims);
        // Public clients, which have no secret to show.
        context.TokenEndpointAuthenticationMethods.Add("none");
        context.RevocationEndpointAuthenticationMethods.Add("none");
        context.PushedAuthorizationEndpointAuthenticationMethods.Add("none");
        context.Metadata["request_parameter_supported"] = false;
        context.Metadata["request_uri_parameter_supported"] = false;
        context.Metadata[Metadata.UiLocalesSupported] = new OpenIddictParameter([
            .. Languages.All.Select(language => (string?)language.Name),
        ]);
        // In the same order everywhere, so that the instances give the same ETag.
        var page = await directory.PageAsync(context.CancellationToken);
        context.Scopes.UnionWith(page.Scopes.Keys.Order(StringComparer.Ordinal));
    }
}
