using AuthServer.Data;

namespace AuthServer.Telemetry;

/// <summary>
/// Owns how the server shows how it does: metrics and traces. The features count for themselves; here it is decided who
/// sees it. With nobody to see it, nothing of OpenTelemetry is even loaded.
/// </summary>
internal static class TelemetryModule
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddSection<TelemetryOptions>("Telemetry")
            .Validate(
                telemetry => telemetry.Metrics.IsAddress,
                "Telemetry:Metrics:Listen must be an http address with a port and no path: write 'http://127.0.0.1:9464', or leave it empty."
            )
            .Validate(
                telemetry => telemetry.Metrics.IsToken,
                "Telemetry:Metrics:BearerToken must have at least 32 characters without spaces: make one with 'openssl rand -hex 32', or leave it empty."
            )
            .Validate(
                telemetry => telemetry.Otlp.IsAddress,
                "Telemetry:Otlp:Endpoint must be the http or https address of a collector, without a query: write 'http://collector:4318', or leave it empty."
            )
            .Validate(
                telemetry => telemetry.Otlp.IsProtocol,
                $"Telemetry:Otlp:Protocol must be '{OtlpOptions.HttpProtobuf}' or '{OtlpOptions.Grpc}'."
            )
            .Validate(
                telemetry => telemetry.Traces.IsRatio,
                "Telemetry:Traces:SamplingRatio must be between 0 and 1: write 0.1 for a tenth of all requests."
            );

        var wanted = Wanted.By(builder.Configuration);
        if (wanted.IsAnything)
        {
            Collection.Add(builder.Services, wanted);
        }
    }

    /// <summary>Before everything else, so that it sees every request and how it ended.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        if (Wanted.By(app.Configuration).IsAnything)
        {
            app.UseMiddleware<RequestSpan>();
        }
    }
}
