namespace AuthServer.Telemetry;

/// <summary>The section <c>Telemetry</c>: to whom the server shows how it does. It says nothing to anybody by default.</summary>
internal sealed class TelemetryOptions
{
    public MetricsOptions Metrics { get; set; } = new();

    public OtlpOptions Otlp { get; set; } = new();

    public TracesOptions Traces { get; set; } = new();
}

/// <summary><c>Telemetry:Metrics</c>: who reads the metrics here.</summary>
internal sealed class MetricsOptions
{
    private const int ShortestToken = 32;

    /// <summary>Where <c>/metrics</c> is answered, beside the server's own addresses: <c>http://127.0.0.1:9464</c>. Empty: nowhere.</summary>
    public string Listen { get; set; } = "";

    /// <summary>What the reader must bring as <c>Authorization: Bearer …</c>, at least 32 characters. Empty: nothing.</summary>
    public string BearerToken { get; set; } = "";

    /// <summary>Plain http, for the reader is a neighbour; a path would promise that there are others.</summary>
    public bool IsAddress => Listen.Length == 0 || IsHttp(Listen);

    // RFC 6750 §2.1: what else could not be sent.
    public bool IsToken =>
        BearerToken.Length == 0
        || (BearerToken.Length >= ShortestToken && !BearerToken.AsSpan().ContainsAnyExceptInRange('!', '~'));

    private static bool IsHttp(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return address
                is { Scheme: "http", PathBase: "", IsUnixPipe: false, IsNamedPipe: false, Port: > 0 };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

/// <summary><c>Telemetry:Otlp</c>: who gets metrics and traces.</summary>
internal sealed class OtlpOptions
{
    public const string HttpProtobuf = "http/protobuf";
    public const string Grpc = "grpc";

    /// <summary>The base address of a collector: <c>http://collector:4318</c>. Empty: what <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, or nobody.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>What <see cref="Endpoint"/> speaks: <c>http/protobuf</c> or <c>grpc</c>.</summary>
    public string Protocol { get; set; } = HttpProtobuf;

    public bool IsGrpc => Protocol == Grpc;

    public bool IsProtocol => Protocol is HttpProtobuf or Grpc;

    public bool IsAddress =>
        Endpoint.Length == 0
        || (
            Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
        );

    /// <summary>Where one signal goes: over HTTP each has a path of its own, as OTLP has it.</summary>
    /// <param name="signal"><c>metrics</c> or <c>traces</c>.</param>
    public Uri AddressOf(string signal) => new(IsGrpc ? Endpoint : $"{Endpoint.TrimEnd('/')}/v1/{signal}");
}

/// <summary><c>Telemetry:Traces</c>.</summary>
internal sealed class TracesOptions
{
    /// <summary>The part of all requests that is traced, from 0 to 1; by chance, whatever the caller wants.</summary>
    public double SamplingRatio { get; set; } = 0.1;

    public bool IsRatio => SamplingRatio is >= 0 and <= 1;
}
