using System.Net;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace AuthServer.Edge;

/// <summary>
/// Finds out who sent a request: the last address in X-Forwarded-For that is not one of our proxies, and only when the
/// request comes from one of them. Scheme, host and path that a header claims are never believed (OwnAddress).
/// </summary>
internal sealed class Proxies(RequestDelegate next, IOptions<ProxiesOptions> options)
{
    private static readonly string[] Claims =
    [
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Prefix",
        "Forwarded",
        "X-Original-URL",
        "X-Rewrite-URL",
    ];

    private readonly IPNetwork[] _known = [.. options.Value.Networks];

    public static void Add(IServiceCollection services)
    {
        services.AddSection<ProxiesOptions>("Proxies");
        services.AddSingleton<IValidateOptions<ProxiesOptions>, ProxiesOptionsCheck>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxiesOptions>>(Configure);
    }

    public static void Use(WebApplication app)
    {
        app.UseMiddleware<Proxies>();
        app.UseForwardedHeaders();
    }

    public Task InvokeAsync(HttpContext http)
    {
        var connection = http.Connection;
        if (connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped)
        {
            // One address is one text, whichever socket it came through.
            connection.RemoteIpAddress = mapped.MapToIPv4();
        }

        if (
            Array.Find(Claims, http.Request.Headers.ContainsKey) is { } claim
            && !IsKnown(connection.RemoteIpAddress)
        )
        {
            // Noted, not written: it costs the sender nothing.
            http.RequestServices.GetRequiredService<AuditLog>()
                .Note(AuditEvent.HeaderSpoofed, reason: claim);
        }

        return next(http);
    }

    private bool IsKnown(IPAddress? peer) =>
        peer is not null && Array.Exists(_known, network => network.Contains(peer));

    private static void Configure(ForwardedHeadersOptions forwarded, IOptions<ProxiesOptions> options)
    {
        // Without a list the framework would believe everybody, and its own list begins with loopback.
        var known = options.Value.Networks.ToList();
        forwarded.ForwardedHeaders = known.Count > 0 ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        known.ForEach(forwarded.KnownIPNetworks.Add);
    }
}
