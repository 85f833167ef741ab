using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AuthServer.Telemetry;

/// <summary>
/// What is collected, and where it goes. No type of ours derives from one of OpenTelemetry: EF Core looks at every type of
/// the program for its migrations, and would load those of a telemetry that nobody wants.
/// </summary>
internal static class Collection
{
    private const string Metrics = "metrics";
    private const string Traces = "traces";

    // A name is all that is known here of whoever counts.
    private static readonly string[] Meters =
    [
        "AuthServer.*",
        "Microsoft.AspNetCore.Diagnostics",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.EntityFrameworkCore",
        "Npgsql",
        "System.Net.Http",
        "System.Runtime",
    ];

    private static readonly string[] Sources = ["AuthServer.*", "Microsoft.AspNetCore", "System.Net.Http"];

    public static void Add(IServiceCollection services, Wanted wanted)
    {
        var telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(Describe)
            .WithMetrics(metrics => Count(metrics.AddMeter(Meters), wanted));
        if (wanted.IsRead)
        {
            services.AddHostedService<MetricsListener>();
        }

        if (wanted.IsSent)
        {
            Address(services, Metrics);
            Address(services, Traces);
            services.AddSingleton<IInterceptor, StatementSpans>();
            telemetry.WithTracing(Trace);
        }
    }

    private static void Count(MeterProviderBuilder metrics, Wanted wanted)
    {
        if (wanted.IsRead)
        {
            // Which meter a line comes from tells an operator nothing.
            metrics.AddPrometheusExporter(prometheus => prometheus.ScopeInfoEnabled = false);
        }

        if (wanted.IsSent)
        {
            metrics.AddOtlpExporter(Metrics, configure: null!);
        }
    }

    private static void Trace(TracerProviderBuilder traces) =>
        traces
            .AddSource(Sources)
            // Whoever calls has no say in what is traced (RequestSpan); what happens within a request follows it.
            .SetSampler(
                new ParentBasedSampler(
                    rootSampler: new AlwaysOnSampler(),
                    remoteParentSampled: new AlwaysOnSampler(),
                    remoteParentNotSampled: new AlwaysOnSampler(),
                    localParentSampled: new AlwaysOnSampler(),
                    localParentNotSampled: new AlwaysOffSampler()
                )
            )
            // Made before the exporter begins to listen.
            .AddInstrumentation(() => new SpanGuard())
            .AddOtlpExporter(Traces, configure: null);

    // Where our settings say nothing, the standard variables have been read already.
    private static void Address(IServiceCollection services, string signal) =>
        services
            .AddOptions<OtlpExporterOptions>(signal)
            .Configure<IOptions<TelemetryOptions>>(
                (exporter, telemetry) =>
                {
                    var otlp = telemetry.Value.Otlp;
                    if (otlp.Endpoint.Length > 0)
                    {
                        exporter.Protocol = otlp.IsGrpc
                            ? OtlpExportProtocol.Grpc
                            : OtlpExportProtocol.HttpProtobuf;
                        exporter.Endpoint = otlp.AddressOf(signal);
                    }
                }
            );

    // Whatever OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say wins over our own words.
    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("authserver").AddEnvironmentVariableDetector();
}
