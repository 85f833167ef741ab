using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace AuthServer.Telemetry;

/// <summary>
/// Answers <c>/metrics</c>, and nothing else, at an address of its own: a second, bare Kestrel. So no setting of the
/// public addresses moves it, nothing public can be reached through it, and reading counts in no metric.
/// </summary>
internal sealed partial class MetricsListener : IHostedService, IHttpApplication<HttpContext>, IDisposable
{
    private const string Path = "/metrics";
    private const int Connections = 64;

    private readonly MetricsOptions _options;
    private readonly KestrelServer _server;
    private readonly RequestDelegate _answer;
    private readonly ILogger<MetricsListener> _logger;

    public MetricsListener(
        IServiceProvider services,
        MeterProvider metrics,
        IOptions<TelemetryOptions> options,
        ILoggerFactory logs
    )
    {
        _options = options.Value.Metrics;
        _logger = logs.CreateLogger<MetricsListener>();
        _answer = Answer(services, metrics);
        _server = new KestrelServer(
            Options.Create(Bounds(services)),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), logs),
            logs
        );
    }

    /// <summary>Listens before the server itself does.</summary>
    /// <exception cref="StartupException">Nobody can listen there.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _server.Features.Get<IServerAddressesFeature>()!.Addresses.Add(_options.Listen);
        try
        {
            await _server.StartAsync(this, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new StartupException(
                $"Telemetry:Metrics:Listen is '{_options.Listen}', where this server cannot listen ({exception.Message.TrimEnd('.')}): write another address.",
                exception
            );
        }

        Log.Listens(_logger, _options.Listen);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public HttpContext CreateContext(IFeatureCollection contextFeatures) =>
        new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!MayRead(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Task.CompletedTask;
        }

        return _answer(context);
    }

    public void DisposeContext(HttpContext context, Exception? exception) { }

    public void Dispose() => _server.Dispose();

    private static KestrelServerOptions Bounds(IServiceProvider services)
    {
        var options = new KestrelServerOptions { ApplicationServices = services, AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = Connections;
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        return options;
    }

    private static RequestDelegate Answer(IServiceProvider services, MeterProvider metrics) =>
        new ApplicationBuilder(services)
            .UseOpenTelemetryPrometheusScrapingEndpoint(
                metrics,
                http =>
                    HttpMethods.IsGet(http.Request.Method)
                    && http.Request.Path.Equals(Path, StringComparison.Ordinal),
                path: null,
                configureBranchedPipeline: null,
                optionsName: null
            )
            // Whatever is not branched off above ends in the builder's own 404.
            .Build();

    private bool MayRead(HttpRequest request) =>
        _options.BearerToken.Length == 0
        || (
            AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            && string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(header.Parameter ?? ""),
                Encoding.UTF8.GetBytes(_options.BearerToken)
            )
        );

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Metrics are read at {Address}/metrics")]
        public static partial void Listens(ILogger logger, string address);
    }
}
