using System.Text.Json;

namespace AuthServer.Tests.Telemetry;

/// <summary>What a collector is sent of the same kind of day.</summary>
[Collection(nameof(WatchedServer))]
public class TracesTests(WatchedServer server)
{
    private static readonly HashSet<string> Harmless =
    [
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "network.protocol.version",
        "server.address",
        "server.port",
        "error.type",
        "db.system.name",
        "db.operation.name",
        "db.collection.name",
    ];

    [Fact]
    public async Task A_request_is_a_span_named_by_its_route_with_its_statements_and_its_hash_beneath()
    {
        var signIn = await server.Collector.SpanAsync(span =>
            span.Name == "POST /account/login" && span.Attributes["http.response.status_code"] == "302"
        );
        var statement = await server.Collector.SpanAsync(span =>
            span.TraceId == signIn.TraceId && span.Name == "SELECT AspNetUsers"
        );
        var hash = await server.Collector.SpanAsync(span =>
            span.TraceId == signIn.TraceId && span.Name == "hash password"
        );

        Assert.Empty(signIn.ParentId);
        Assert.Equal("/account/login", signIn.Attributes["http.route"]);
        Assert.Equal(signIn.SpanId, hash.ParentId);
        Assert.Equal(signIn.SpanId, statement.ParentId);
        Assert.Equal("sqlite", statement.Attributes["db.system.name"]);
    }

    [Fact]
    public async Task What_the_engine_answers_has_a_name_as_well()
    {
        await server.Collector.SpanAsync(span => span.Name == "POST /connect/introspect");
        await server.Collector.SpanAsync(span => span.Name == "GET /.well-known/jwks");
    }

    [Fact]
    public async Task A_caller_may_name_the_trace_and_every_reference_to_it_is_the_same()
    {
        var span = await server.Collector.SpanAsync(span =>
            span.TraceId == WatchedServer.TraceId && span.Name == "POST /connect/token"
        );

        Assert.Equal(WatchedServer.CallerSpan, span.ParentId);
        Assert.Empty(span.TraceState);
        Assert.Equal(WatchedServer.TraceId, server.TracedAnswer.GetProperty("reference").GetString());
        var line = server
            .Log.Split('\n')
            .Where(line => line.Contains("POST /connect/token answered 400", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Single(line => line.GetProperty("trace.id").GetString() == WatchedServer.TraceId);
        Assert.Equal(span.SpanId, line.GetProperty("span.id").GetString());
    }

    [Fact]
    public async Task Health_and_static_files_are_not_traced()
    {
        // Asked for after them.
        await server.Collector.SpanAsync(span => span.TraceId == WatchedServer.TraceId);

        Assert.DoesNotContain(
            server.Collector.Spans,
            span =>
                span.Name.Contains("health", StringComparison.OrdinalIgnoreCase)
                || span.Name.Contains("site", StringComparison.OrdinalIgnoreCase)
                || span.Name == "Microsoft.AspNetCore.Hosting.HttpRequestIn"
        );
    }

    [Fact]
    public async Task No_span_no_metric_and_no_line_tells_what_belongs_to_somebody()
    {
        await server.Collector.SpanAsync(span => span.TraceId == WatchedServer.TraceId);
        await server.Collector.ReceivesAsync("/v1/metrics");

        Assert.All(server.Collector.Spans, span => Assert.Subset(Harmless, span.Attributes.Keys.ToHashSet()));
        var written = $"{server.Collector.Text}\n{server.Log}";
        Assert.Contains("authserver.logins", written, StringComparison.Ordinal);
        Assert.All(
            server.Secrets.Where(secret => !IsInPath(secret)),
            secret => Assert.DoesNotContain(secret, written, StringComparison.OrdinalIgnoreCase)
        );
        Assert.All(
            server.Secrets,
            secret => Assert.DoesNotContain(secret, server.Collector.Text, StringComparison.OrdinalIgnoreCase)
        );
    }

    // The stranger's path, which the request log shows as it was sent.
    private static bool IsInPath(string secret) =>
        secret.StartsWith("canary-guess", StringComparison.Ordinal);
}
