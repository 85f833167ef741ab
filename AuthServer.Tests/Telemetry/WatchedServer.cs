using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Telemetry;

/// <summary>Lets several classes of tests look at one day.</summary>
[CollectionDefinition(nameof(WatchedServer))]
public sealed class WatchedDay : ICollectionFixture<WatchedServer>;

/// <summary>
/// The program with all of its telemetry on, after a short day: people who sign in and who fail, a client that refreshes,
/// one that retries, a thief, somebody who asks too much. A process of its own, for metrics are counted per process.
/// </summary>
public sealed class WatchedServer : IAsyncLifetime, IDisposable
{
    public const string Token = "canary-token-of-the-scraper-0123456789abcdef";
    public const string Email = "canary@example.org";
    public const string Password = "Canary-Password-7-Battery";
    public const string WrongPassword = "Canary-Wrong-7-Battery";
    public const string Secret = "canary-secret-of-the-web-0123456789abcdef";
    public const string Baggage = "canary-of-the-caller";
    public const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    public const string CallerSpan = "b7ad6b7169203331";

    private const string WrongSecret = "canary-guess-of-a-secret-0123456789abcdef";
    private const string Stranger = "127.0.0.77";
    private const string Callback = "http://localhost:5999/callback";
    private const string Config = $$"""
        {
          "Accounts": { "RequireConfirmedEmail": false },
          "Clients": [
            {
              "ClientId": "web", "ClientSecret": "{{Secret}}", "RequireConsent": false,
              "GrantTypes": ["authorization_code", "refresh_token", "client_credentials"],
              "RedirectUris": ["{{Callback}}"], "Scopes": ["openid", "offline_access", "orders.read"]
            }
          ],
          "Apis": [{ "Name": "orders-api", "Scopes": ["orders.read"] }],
          "RateLimits": { "Global": { "PermitLimit": 3 }, "ExemptNetworks": ["127.0.0.1/32", "::1/128"] },
          "Passwords": { "BcryptCost": 4 },
          "Unsafe": { "AllowWeakPasswordHash": true }
        }
        """;

    private readonly Folder _folder = new();
    private readonly string _verifier = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
    private readonly List<string> _secrets =
    [
        Token,
        Email,
        Password,
        WrongPassword,
        Secret,
        WrongSecret,
        Baggage,
    ];
    private AuthServerProcess _server = null!;
    private HttpClient _http = null!;
    private HttpClient _reader = null!;

    internal OtlpCollector Collector { get; private set; } = null!;

    /// <summary>Where metrics are read; ends in a slash.</summary>
    public Uri MetricsAddress { get; private set; } = null!;

    public Uri Address => _server.Address;

    /// <summary>What it has written to its log.</summary>
    public string Log => _server.Output + _server.Error;

    /// <summary>All that went through it and belongs to somebody.</summary>
    public IReadOnlyList<string> Secrets => _secrets;

    /// <summary>The answer to the request that named a trace of its own.</summary>
    public JsonElement TracedAnswer { get; private set; }

    public async Task InitializeAsync()
    {
        Collector = await OtlpCollector.StartAsync();
        var address = $"http://127.0.0.1:{Ports.Next().ToString(CultureInfo.InvariantCulture)}";
        MetricsAddress = new Uri($"{address}/");
        _server = AuthServerProcess.Start(
            _folder.Path,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Telemetry__Metrics__BearerToken"] = Token,
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            },
            "--config",
            _folder.Write("own.json", Config),
            $"--Telemetry:Metrics:Listen={address}",
            $"--Telemetry:Otlp:Endpoint={Collector.Address}",
            "--Telemetry:Traces:SamplingRatio=1"
        );
        await _server.ReadyAsync();
        _http = Visitors.ClientTo(_server.Address, from: null);
        _reader = new HttpClient { BaseAddress = MetricsAddress };
        _reader.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        await SpendTheDayAsync();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        _reader.Dispose();
        await _server.DisposeAsync();
        await Collector.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Reads the metrics as Prometheus does.</summary>
    internal async Task<Scrape> ScrapeAsync() => new(await _reader.GetStringAsync("metrics"));

    /// <summary>Reads them until they are as told; what happens behind an answer is counted a moment later.</summary>
    internal async Task<Scrape> ScrapeUntilAsync(Func<Scrape, bool> isSo)
    {
        for (var deadline = Environment.TickCount64 + 30_000; ; await Task.Delay(100))
        {
            var scrape = await ScrapeAsync();
            if (isSo(scrape))
            {
                return scrape;
            }

            Assert.True(Environment.TickCount64 < deadline, $"It does not become so:\n{scrape.Text}");
        }
    }

    private async Task SpendTheDayAsync()
    {
        using var browser = new Browser(_server.Address);
        await browser.RegisterAsync(Email, Password);
        await browser.SignInAsync(Email, WrongPassword);
        await browser.SignInAsync("nobody@example.org", Password);
        await browser.SignInAsync(Email, Password);
        _secrets.Add(browser.Cookies["__Host-session"]);

        await TokenAsync(("grant_type", "client_credentials"));
        await TokenAsync(("grant_type", "client_credentials"));
        await TokenAsync(("grant_type", "client_credentials"), ("client_secret", WrongSecret));
        await TokenAsync(("grant_type", WrongSecret));

        var code = await AuthorizeAsync(browser);
        var first = await TokenAsync(("grant_type", "authorization_code"), ("code", code));
        var second = await RefreshAsync(first);
        await RefreshAsync(first);
        await RefreshAsync(second);
        await RefreshAsync(first);
        await RefreshAsync(first);
        await PostAsync("connect/introspect", ("token", Text(second, "access_token")));
        _secrets.AddRange([code, _verifier, .. TokensOf(first), .. TokensOf(second)]);

        using (var other = new Browser(_server.Address))
        {
            // Five failures are allowed.
            for (var i = 0; i < 6; i++)
            {
                await other.SignInAsync("guessed@example.org", WrongPassword);
            }
        }

        using (var stranger = new Browser(_server.Address, Stranger))
        {
            // Three requests are.
            for (var i = 0; i < 5; i++)
            {
                await stranger.GetAsync($"{WrongSecret}?code={code}");
            }
        }

        await _http.GetAsync("health/ready");
        await _http.GetAsync("site.css");
        await _http.GetAsync(".well-known/jwks");
        TracedAnswer = await PostTracedAsync();
    }

    // Every way in which a caller can give us words of its own for the trace.
    private async Task<JsonElement> PostTracedAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"connect/token?email={Email}");
        request.Headers.Add("traceparent", $"00-{TraceId}-{CallerSpan}-00");
        request.Headers.Add("tracestate", $"caller={Baggage}");
        request.Headers.Add("baggage", $"caller={Baggage}");
        request.Headers.Add("User-Agent", Baggage);
        request.Content = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            new("client_id", "web"),
        ]);
        using var answer = await _http.SendAsync(request);
        return await ReadAsync(answer);
    }

    private async Task<string> AuthorizeAsync(Browser browser)
    {
        var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier)));
        var page = await browser.GetAsync(
            $"connect/authorize?client_id=web&response_type=code&redirect_uri={Uri.EscapeDataString(Callback)}&scope=openid%20offline_access%20orders.read&code_challenge={challenge}&code_challenge_method=S256"
        );
        return QueryHelpers.ParseQuery(page.Location!.Query)["code"].ToString();
    }

    private Task<JsonElement> RefreshAsync(JsonElement tokens) =>
        TokenAsync(("grant_type", "refresh_token"), ("refresh_token", Text(tokens, "refresh_token")));

    private Task<JsonElement> TokenAsync(params (string Name, string Value)[] fields) =>
        PostAsync("connect/token", [("redirect_uri", Callback), ("code_verifier", _verifier), .. fields]);

    private async Task<JsonElement> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var form = fields.ToDictionary(field => field.Name, field => field.Value);
        form.TryAdd("client_id", "web");
        form.TryAdd("client_secret", Secret);
        using var content = new FormUrlEncodedContent(form);
        using var answer = await _http.PostAsync(path, content);
        return await ReadAsync(answer);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

    private static string[] TokensOf(JsonElement answer) =>
        [Text(answer, "access_token"), Text(answer, "refresh_token"), Text(answer, "id_token")];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
