namespace AuthServer.Telemetry;

/// <summary>What somebody wants to see, by our settings or by the standard variable of OpenTelemetry.</summary>
/// <param name="IsRead">Metrics are read here.</param>
/// <param name="IsSent">Metrics and traces are sent to a collector.</param>
internal sealed record Wanted(bool IsRead, bool IsSent)
{
    public bool IsAnything => IsRead || IsSent;

    public static Wanted By(IConfiguration settings) =>
        new(
            !string.IsNullOrEmpty(settings["Telemetry:Metrics:Listen"]),
            !string.IsNullOrEmpty(settings["Telemetry:Otlp:Endpoint"])
                || !string.IsNullOrEmpty(settings["OTEL_EXPORTER_OTLP_ENDPOINT"])
        );
}
