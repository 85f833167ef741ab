using System.Net.Sockets;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Telemetry;

/// <summary>What turns telemetry on, and that nothing else does.</summary>
public sealed class SwitchTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ProcFact]
    public async Task Without_settings_nothing_of_it_is_loaded_and_nothing_listens()
    {
        await using var server = AuthServerProcess.Start(_folder.Path);
        await server.ReadyAsync();

        Assert.Contains(
            server.LoadedFiles(),
            file => file.EndsWith("/AuthServer.dll", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            server.LoadedFiles(),
            file => file.Contains("OpenTelemetry", StringComparison.OrdinalIgnoreCase)
        );
        Assert.Equal([server.Address.Port], server.ListeningPorts());
    }

    [ProcFact]
    public async Task With_the_standard_variable_it_sends_but_no_caller_makes_it_trace()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = AuthServerProcess.Start(
            _folder.Path,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
                ["OTEL_SERVICE_NAME"] = "login-of-the-shop",
            },
            "--Telemetry:Traces:SamplingRatio=0"
        );
        await server.ReadyAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        for (var i = 0; i < 5; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, ".well-known/jwks");
            // Sampled by the caller, and with the id that a sampler by ids would take first.
            request.Headers.Add(
                "traceparent",
                $"00-0000000000000000000000000000000{i + 1}-b7ad6b7169203331-01"
            );
            using var answer = await http.SendAsync(request);
        }

        await collector.ReceivesAsync("/v1/metrics");
        // What the test without settings looks for can be seen.
        Assert.Contains(
            server.LoadedFiles(),
            file => file.Contains("OpenTelemetry", StringComparison.Ordinal)
        );
        await server.TerminateAsync();
        await server.ExitAsync();

        Assert.Equal(["/v1/metrics"], collector.Paths);
        Assert.Contains("login-of-the-shop", collector.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_mistake_stops_the_start_with_its_sentence()
    {
        await using var server = AuthServerProcess.Start(
            _folder.Path,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Telemetry__Metrics__BearerToken"] = "short",
            },
            "check-config",
            "--Telemetry:Metrics:Listen=9464",
            "--Telemetry:Otlp:Endpoint=collector:4317",
            "--Telemetry:Otlp:Protocol=http",
            "--Telemetry:Traces:SamplingRatio=1.5",
            "--Telemetry:Trace=1"
        );

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains("Telemetry:Metrics:Listen must be", server.Error, StringComparison.Ordinal);
        Assert.Contains("Telemetry:Metrics:BearerToken must have", server.Error, StringComparison.Ordinal);
        Assert.Contains("Telemetry:Otlp:Endpoint must be", server.Error, StringComparison.Ordinal);
        Assert.Contains("Telemetry:Otlp:Protocol must be", server.Error, StringComparison.Ordinal);
        Assert.Contains("Telemetry:Traces:SamplingRatio must be", server.Error, StringComparison.Ordinal);
        Assert.Contains("Telemetry:Trace is not a known setting", server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_stops_the_start_with_a_sentence()
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, Ports.Next());
        other.Start();
        var address = $"http://{other.LocalEndpoint}";
        await using var server = AuthServerProcess.Start(
            _folder.Path,
            $"--Telemetry:Metrics:Listen={address}"
        );

        Assert.Equal(1, await server.ExitAsync());
        Assert.StartsWith(
            $"Telemetry:Metrics:Listen is '{address}', where this server cannot listen",
            server.Error,
            StringComparison.Ordinal
        );
        Assert.Single(server.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
