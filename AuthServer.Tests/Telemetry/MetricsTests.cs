using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Telemetry;

/// <summary>The figures that an operator reads after a day at the server.</summary>
[Collection(nameof(WatchedServer))]
public class MetricsTests(WatchedServer server)
{
    // A new one is looked at by a person: it must not tell of a user.
    private static readonly string[] Labels =
    [
        .. "action outcome method limit mode grant_type algorithm le".Split(' '),
    ];

    [Theory]
    [InlineData("authserver_logins_total{method=\"password\",outcome=\"succeeded\"}", 1)]
    [InlineData("authserver_logins_total{method=\"password\",outcome=\"failed\"}", 7)]
    [InlineData("authserver_logins_total{method=\"password\",outcome=\"limited\"}", 1)]
    [InlineData("authserver_token_requests_total{grant_type=\"client_credentials\",outcome=\"issued\"}", 2)]
    [InlineData("authserver_token_requests_total{grant_type=\"client_credentials\",outcome=\"refused\"}", 1)]
    [InlineData("authserver_token_requests_total{grant_type=\"other\",outcome=\"refused\"}", 1)]
    [InlineData("authserver_token_requests_total{grant_type=\"authorization_code\",outcome=\"issued\"}", 1)]
    [InlineData("authserver_token_requests_total{grant_type=\"refresh_token\",outcome=\"issued\"}", 2)]
    [InlineData("authserver_token_requests_total{grant_type=\"refresh_token\",outcome=\"retried\"}", 1)]
    [InlineData(
        "authserver_token_requests_total{grant_type=\"refresh_token\",outcome=\"reuse_detected\"}",
        1
    )]
    [InlineData("authserver_token_requests_total{grant_type=\"refresh_token\",outcome=\"refused\"}", 1)]
    [InlineData("authserver_limits_decisions_total{limit=\"global\",mode=\"local\",outcome=\"refused\"}", 2)]
    [InlineData("authserver_limits_degraded", 0)]
    [InlineData("authserver_hash_gate_running", 0)]
    [InlineData("authserver_hash_gate_queued", 0)]
    // A registration, and each attempt that was compared.
    [InlineData("authserver_hash_gate_wait_seconds_count", 9)]
    public async Task What_happened_is_counted(string series, double times)
    {
        var scrape = await server.ScrapeUntilAsync(scrape => scrape.Has(series));

        Assert.Equal(times, scrape[series]);
    }

    [Fact]
    public async Task The_keys_tell_their_age_and_when_they_turn()
    {
        var scrape = await server.ScrapeAsync();

        foreach (var algorithm in (string[])["ES256", "RS256", "A256KW"])
        {
            Assert.InRange(scrape[$"authserver_keys_age_seconds{{algorithm=\"{algorithm}\"}}"], 0, 3600);
            Assert.InRange(
                scrape[$"authserver_keys_next_rotation_seconds{{algorithm=\"{algorithm}\"}}"],
                TimeSpan.FromDays(89).TotalSeconds,
                TimeSpan.FromDays(90).TotalSeconds
            );
        }

        Assert.True(scrape.Has("authserver_keys_read_age_seconds"));
    }

    [Fact]
    public async Task The_trail_tells_how_far_it_is_sealed()
    {
        await server.ScrapeUntilAsync(scrape =>
            scrape.Has("authserver_audit_lag")
            && scrape.Has("authserver_audit_checkpoint_age_seconds")
            && scrape.Sum("authserver_audit_events_total", "action=\"refresh.reuse_detected\"") >= 1
        );
    }

    [Theory]
    [InlineData("/connect/token")]
    [InlineData("/connect/introspect")]
    [InlineData("/.well-known/jwks")]
    public async Task The_time_of_answers_is_told_by_route_whoever_answers(string route)
    {
        var scrape = await server.ScrapeAsync();

        Assert.True(
            scrape.Sum("http_server_request_duration_seconds_count", $"http_route=\"{route}\"") >= 1,
            scrape.Text
        );
    }

    [Fact]
    public async Task No_label_tells_of_anybody()
    {
        var scrape = await server.ScrapeAsync();

        Assert.Subset(Labels.ToHashSet(), scrape.OwnLabels.ToHashSet());
        Assert.All(
            server.Secrets,
            secret => Assert.DoesNotContain(secret, scrape.Text, StringComparison.OrdinalIgnoreCase)
        );
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "connect/token")]
    [InlineData("GET", "account/login")]
    [InlineData("GET", "health/live")]
    [InlineData("GET", "metrics/")]
    [InlineData("POST", "metrics")]
    [InlineData("POST", "connect/token")]
    public async Task Nothing_but_metrics_is_answered_at_their_address(string method, string path)
    {
        using var http = new HttpClient { BaseAddress = server.MetricsAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new("Bearer", WatchedServer.Token);
        using var answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_answer_of_that_address_is_kept_by_nobody()
    {
        using var http = new HttpClient { BaseAddress = server.MetricsAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        request.Headers.Authorization = new("Bearer", WatchedServer.Token);
        using var answer = await http.SendAsync(request);

        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer canary-token-of-the-scraper-0123456789abcdeF")]
    [InlineData("Basic canary-token-of-the-scraper-0123456789abcdef")]
    public async Task Whoever_does_not_bring_the_token_reads_nothing(string? authorization)
    {
        using var http = new HttpClient { BaseAddress = server.MetricsAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.Empty(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task At_the_public_address_there_are_no_metrics()
    {
        using var http = Visitors.ClientTo(server.Address, from: null);
        using var answer = await http.GetAsync("metrics");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
