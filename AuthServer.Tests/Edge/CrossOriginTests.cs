using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Edge;

public class CrossOriginTests(CrossOriginTests.OpenServer server) : IClassFixture<CrossOriginTests.OpenServer>
{
    private const string Spa = "http://localhost:5173";
    private const string Listed = "https://app.example.com";

    [Theory]
    [Trait("Requirement", "C-72")]
    [InlineData("GET", ".well-known/openid-configuration", 200)]
    [InlineData("GET", ".well-known/oauth-authorization-server", 200)]
    [InlineData("GET", ".well-known/jwks", 200)]
    [InlineData("POST", "connect/token", 400)]
    [InlineData("POST", "connect/token?a=%00", 400)]
    [InlineData("POST", "connect/revoke", 400)]
    [InlineData("POST", "connect/par", 400)]
    [InlineData("GET", "connect/userinfo", 401)]
    [InlineData("POST", "connect/userinfo", 401)]
    public async Task A_listed_origin_reads_the_answer_a_refusal_too(string method, string path, int status)
    {
        foreach (var origin in new[] { Spa, Listed })
        {
            using var answer = await SendAsync(method, path, origin);

            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal(origin, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Contains("Origin", answer.Headers.Vary);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [Trait("Requirement", "C-72")]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("https://evil.example")]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com:444")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("https://evilapp.example.com")]
    [InlineData("https://APP.example.com")]
    [InlineData("http://localhost:5174")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:5080")] // of a confidential client, which is no browser
    [InlineData("http://127.0.0.1")] // of a native app, which takes any port
    [InlineData("http://127.0.0.1:5173")]
    [InlineData("com.example.shop://")]
    [InlineData(null)]
    public async Task Nobody_else_does_and_caches_are_told_that_it_depends(string? origin)
    {
        foreach (
            var path in new[] { ".well-known/openid-configuration", ".well-known/jwks", "connect/userinfo" }
        )
        {
            using var answer = await SendAsync("GET", path, origin);

            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
            Assert.Equal("Origin", Assert.Single(answer.Headers.Vary, name => name == "Origin"));
        }
    }

    [Theory]
    [Trait("Requirement", "C-72")]
    [InlineData("connect/authorize")]
    [InlineData("connect/introspect")]
    [InlineData("connect/logout")]
    [InlineData("account/login")]
    [InlineData("api/account/register")]
    [InlineData("health/ready")]
    [InlineData("")]
    public async Task Elsewhere_there_is_no_sharing(string path)
    {
        using var answer = await SendAsync("GET", path, Spa);
        using var preflight = await PreflightAsync(path, Spa, "POST");

        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [Trait("Requirement", "C-72")]
    [InlineData("connect/token", "POST", "POST")]
    [InlineData("connect/userinfo", "GET", "GET,POST")]
    [InlineData(".well-known/jwks", "GET", "GET")]
    public async Task A_preflight_is_answered_with_what_is_allowed(string path, string method, string methods)
    {
        using var answer = await PreflightAsync(path, Spa, method);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(Spa, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal(methods, Header(answer, "Access-Control-Allow-Methods"));
        Assert.Equal("Authorization,Content-Type,DPoP", Header(answer, "Access-Control-Allow-Headers"));
        Assert.Equal("3600", Header(answer, "Access-Control-Max-Age"));
    }

    [Fact]
    [Trait("Requirement", "C-72")]
    public async Task A_preflight_of_anybody_else_allows_nothing()
    {
        using var answer = await PreflightAsync("connect/token", "https://evil.example", "POST");

        Assert.DoesNotContain(
            answer.Headers,
            header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    [Trait("Requirement", "C-72")]
    public async Task Metadata_that_a_browser_has_already_is_shared_too()
    {
        using var first = await SendAsync("GET", ".well-known/jwks", Spa);
        using var request = new HttpRequestMessage(HttpMethod.Get, ".well-known/jwks");
        request.Headers.Add("Origin", Listed);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(Listed, Header(second, "Access-Control-Allow-Origin"));
        Assert.Contains("Origin", second.Headers.Vary);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        Assert.Single(answer.Headers.GetValues(name));

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? origin)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        return await server.Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> PreflightAsync(string path, string origin, string method)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return await server.Http.SendAsync(request);
    }

    public sealed class OpenServer : Server
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [new("Cors:AllowedOrigins:0", Listed)];
    }
}

/// <summary>A page of another origin in a real browser, which decides what its script may read.</summary>
[Collection(BrowserTests.Name)]
public sealed class CrossOriginBrowserTests(CrossOriginBrowserTests.SharingServer server, Chromium chromium)
    : IClassFixture<CrossOriginBrowserTests.SharingServer>
{
    // Reads metadata, refreshes, asks who the person is, and reads a refusal; what it cannot read is 'TypeError'.
    private const string Script = """
        async ([server, refreshToken]) => {
          const read = async (url, init) => {
            try { const answer = await fetch(url, init); return [answer.status, await answer.json()]; }
            catch (error) { return [error.name, {}]; }
          };
          const [discovery] = await read(server + '.well-known/openid-configuration');
          const form = { grant_type: 'refresh_token', client_id: 'shop-spa', refresh_token: refreshToken };
          const [token, tokens] = await read(server + 'connect/token', { method: 'POST', body: new URLSearchParams(form) });
          const bearer = { headers: { Authorization: `Bearer ${tokens.access_token}` } };
          const [userinfo, person] = await read(server + 'connect/userinfo', bearer);
          const [refusal, reason] = await read(server + 'connect/token', { method: 'POST', body: new URLSearchParams({}) });
          const [introspect] = await read(server + 'connect/introspect', { method: 'POST', body: new URLSearchParams({}) });
          return [discovery, token, userinfo, person.name, refusal, reason.error, introspect].join(' ');
        }
        """;

    [BrowserFact]
    [Trait("Requirement", "C-72")]
    public async Task A_page_of_a_listed_origin_reads_what_a_client_needs_and_nothing_else()
    {
        var said = await RunAsync(server.Listed);

        Assert.Equal("200 200 200 Demo User 400 invalid_request TypeError", said);
    }

    [BrowserFact]
    [Trait("Requirement", "C-72")]
    public async Task A_page_of_another_origin_reads_nothing()
    {
        var said = await RunAsync(server.Unlisted);

        Assert.Equal("TypeError TypeError TypeError  TypeError  TypeError", said);
    }

    private async Task<string> RunAsync(Uri origin)
    {
        var client = RelyingParty.Spa(server);
        using var browser = await server.SignedInAsync();
        var tokens = await client.SignInAsync(browser);
        await using var app = await OtherApp.StartAsync(origin);
        var page = await chromium.OpenAsync();
        await using var context = page.Context;
        await page.GotoAsync(origin.ToString());
        return await page.EvaluateAsync<string>(
            Script,
            new[] { server.Address.ToString(), tokens["refresh_token"] }
        );
    }

    public sealed class SharingServer : Server
    {
        internal Uri Listed { get; } = new($"http://localhost:{Ports.Next()}/");

        internal Uri Unlisted { get; } = new($"http://localhost:{Ports.Next()}/");

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [new("Cors:AllowedOrigins:0", Listed.GetLeftPart(UriPartial.Authority))];
    }
}
