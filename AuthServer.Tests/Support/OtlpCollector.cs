using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthServer.Tests.Support;

/// <summary>A span as a collector gets it; the parent of the first of a trace is empty.</summary>
internal sealed record SentSpan(
    string TraceId,
    string SpanId,
    string TraceState,
    string ParentId,
    string Name,
    IReadOnlyDictionary<string, string> Attributes
);

/// <summary>Speaks OTLP over HTTP on loopback: takes what it is sent, and reads the spans in it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<(string Path, byte[] Body)> _sent = new();
    private readonly WebApplication _app;

    private OtlpCollector()
    {
        Address = $"http://127.0.0.1:{Ports.Next().ToString(CultureInfo.InvariantCulture)}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", TakeAsync);
    }

    public string Address { get; }

    /// <summary>The paths that were posted to.</summary>
    public IEnumerable<string> Paths => _sent.Select(sent => sent.Path).Distinct(StringComparer.Ordinal);

    /// <summary>All that was sent, as characters: strings in protobuf are readable.</summary>
    public string Text => string.Join('\n', _sent.Select(sent => Encoding.Latin1.GetString(sent.Body)));

    public IReadOnlyList<SentSpan> Spans =>
        [
            .. from sent in _sent
            where sent.Path == "/v1/traces"
            from resource in Protobuf.Messages(sent.Body, 1)
            from scope in Protobuf.Messages(resource, 2)
            from span in Protobuf.Messages(scope, 2)
            select SpanOf(span),
        ];

    public static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector();
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Waits until such a span has come.</summary>
    public async Task<SentSpan> SpanAsync(Func<SentSpan, bool> isIt)
    {
        for (
            var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
            ;
            await Task.Delay(50)
        )
        {
            if (Spans.FirstOrDefault(isIt) is { } span)
            {
                return span;
            }

            if (Environment.TickCount64 > deadline)
            {
                throw new TimeoutException(
                    $"It does not come; what came: {string.Join(", ", Spans.Select(span => span.Name))}"
                );
            }
        }
    }

    /// <summary>Waits until something has come at <paramref name="path"/>.</summary>
    public async Task ReceivesAsync(string path)
    {
        for (
            var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
            !Paths.Contains(path);

        )
        {
            Assert.True(Environment.TickCount64 < deadline, $"Nothing comes at {path}.");
            await Task.Delay(50);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        _sent.Enqueue((request.Path, body.ToArray()));
        return Results.Bytes([], "application/x-protobuf");
    }

    // opentelemetry/proto/trace/v1/trace.proto
    private static SentSpan SpanOf(byte[] span) =>
        new(
            Convert.ToHexStringLower(Protobuf.Messages(span, 1).Single()),
            Convert.ToHexStringLower(Protobuf.Messages(span, 2).Single()),
            Protobuf.Text(span, 3),
            Convert.ToHexStringLower(Protobuf.Messages(span, 4).FirstOrDefault() ?? []),
            Protobuf.Text(span, 5),
            Protobuf
                .Messages(span, 9)
                .ToDictionary(
                    attribute => Protobuf.Text(attribute, 1),
                    attribute => ValueOf(Protobuf.Messages(attribute, 2).Single()),
                    StringComparer.Ordinal
                )
        );

    private static string ValueOf(byte[] value) =>
        Protobuf.Messages(value, 1).Any()
            ? Protobuf.Text(value, 1)
            : Protobuf.Numbers(value, 3).FirstOrDefault().ToString(CultureInfo.InvariantCulture);
}
