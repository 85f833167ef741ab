using System.Text.Json;
using System.Text.RegularExpressions;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Telemetry;

/// <summary>What operators are told of metrics, against what a server really shows.</summary>
[Collection(nameof(WatchedServer))]
public partial class DashboardTests(WatchedServer server)
{
    // Shown only by a server on PostgreSQL, by one that calls somebody, or after something that no test brings about.
    private static readonly string[] OfOthers =
    [
        "authserver_audit_foreign_rows_total",
        "authserver_audit_sink_failures_total",
        "authserver_hash_gate_refused_total",
        "authserver_upkeep_removed_total",
        "db_client_connection_count",
        "db_client_connection_max",
        "db_client_connection_pending_requests",
        // A label of the first.
        "db_client_connection_state",
        "http_client_request_duration_seconds",
    ];

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_really_there()
    {
        var shown = (await server.ScrapeAsync()).Names;

        var used = Used(ReadDocument("grafana-dashboard.json"));

        Assert.NotEmpty(used);
        Assert.Empty(used.Except(shown, StringComparer.Ordinal).Except(OfOthers, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_metric_of_ours_is_on_the_dashboard_and_in_the_manual()
    {
        var own = (await server.ScrapeAsync())
            .Names.Where(name => name.StartsWith("authserver_", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(own);
        Assert.Empty(own.Except(Used(ReadDocument("grafana-dashboard.json")), StringComparer.Ordinal));
        Assert.Empty(own.Except(Used(ReadDocument("observability.md")), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_metric_of_the_manual_is_really_there()
    {
        var shown = (await server.ScrapeAsync()).Names;

        Assert.Empty(
            Used(ReadDocument("observability.md"))
                .Except(shown, StringComparer.Ordinal)
                .Except(OfOthers, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void The_dashboard_is_whole_and_asks_whoever_imports_it_for_the_source()
    {
        var dashboard = JsonDocument.Parse(ReadDocument("grafana-dashboard.json")).RootElement;

        Assert.Equal("AuthServer", dashboard.GetProperty("title").GetString());
        var panels = dashboard.GetProperty("panels").EnumerateArray().ToList();
        Assert.Equal(
            panels.Count,
            panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count()
        );
        Assert.All(
            panels.Where(panel => panel.GetProperty("type").GetString() != "row"),
            panel =>
                Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString())
        );
    }

    private static string ReadDocument(string name) =>
        File.ReadAllText(Path.Combine(Repository.Root.FullName, "docs", name));

    private static HashSet<string> Used(string text) =>
        Name()
            .Matches(text)
            .Select(name => Series().Replace(name.Value, ""))
            .ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(
        @"\b(authserver|http_server|http_client|kestrel|dotnet|microsoft_entityframeworkcore|db_client)_[a-z0-9_]+",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Name();

    // What a histogram is made of.
    [GeneratedRegex("(?<=_seconds)_(bucket|sum|count)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Series();
}
