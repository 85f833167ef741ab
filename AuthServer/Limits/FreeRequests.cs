using System.Net;
using Microsoft.Extensions.Options;

namespace AuthServer.Limits;

/// <summary>Which requests nobody is charged for. Health and static files end in routing, before anything is charged.</summary>
internal sealed class FreeRequests(IOptions<LimitsOptions> options)
{
    // Whoever verifies a token must get keys and metadata.
    private static readonly PathString[] Paths =
    [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/jwks",
        "/favicon.ico",
    ];

    private readonly bool _isEnabled = options.Value.Enabled;
    private readonly IPNetwork[] _exempt = [.. options.Value.ExemptNetworks.Select(IPNetwork.Parse)];

    public bool Contains(HttpContext http) =>
        !_isEnabled
        // What a browser asks before a request across origins costs nothing, and a script could not read a refusal.
        || HttpMethods.IsOptions(http.Request.Method)
        || Array.Exists(Paths, path => http.Request.Path.Equals(path, StringComparison.OrdinalIgnoreCase))
        || IsExempt(http.Connection.RemoteIpAddress);

    private bool IsExempt(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && Array.Exists(_exempt, network => network.Contains(plain));
    }
}
