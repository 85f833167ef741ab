using Microsoft.AspNetCore.Http.Features;

namespace AuthServer.Edge;

/// <summary>How much one client may send or hold. What is over a limit here never reaches a feature.</summary>
internal static class KestrelBounds
{
    /// <summary>Characters of the query, as sent.</summary>
    public const int Query = 8 * 1024;

    private const int Body = 64 * 1024;

    // Above the limits of the guard, which refuses in a form that can be read; what is over these, Kestrel refuses bare.
    private const int Headers = 32 * 1024;
    private const int FormValue = 16 * 1024;
    private const int FormKey = 256;
    private const int FormValues = 100;
    private const int Connections = 10_000;

    public static void AddKestrelBounds(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = Body;
            server.Limits.MaxRequestHeadersTotalSize = Headers;
            server.Limits.MaxRequestHeaderCount = 64;
            server.Limits.MaxRequestLineSize = Headers;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
            server.Limits.MaxConcurrentConnections = Connections;
            server.Limits.MaxConcurrentUpgradedConnections = 0;
        });
        builder.Services.Configure<FormOptions>(form =>
        {
            form.ValueCountLimit = FormValues;
            form.KeyLengthLimit = FormKey;
            form.ValueLengthLimit = FormValue;
        });
    }
}
