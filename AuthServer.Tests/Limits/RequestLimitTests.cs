using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Limits;

public sealed class RequestLimitTests : IAsyncLifetime
{
    private readonly LimitedServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_address_that_asks_too_often_is_refused_until_the_window_is_over()
    {
        await UseUpAsync();

        using var refused = await _server.Http.GetAsync("account/login");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 900);
        Assert.True(refused.Headers.CacheControl!.NoStore);
        Assert.Equal("text/html", refused.Content.Headers.ContentType!.MediaType);
        Assert.True(refused.Headers.Contains("Content-Security-Policy"));
        Assert.True(refused.Headers.Contains("X-Content-Type-Options"));
        _server.Clock.Advance(TimeSpan.FromMinutes(15));
        using var later = await _server.Http.GetAsync("account/login");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Every_endpoint_refuses_in_its_own_form()
    {
        await UseUpAsync();
        await UseUpAsync("connect/userinfo");

        using var problem = await _server.Http.PostAsJsonAsync("api/account/register", new { });
        using var token = await _server.Http.PostAsync("connect/token", Form("grant_type=refresh_token"));

        Assert.Equal(HttpStatusCode.TooManyRequests, problem.StatusCode);
        Assert.Equal("application/problem+json", problem.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(problem.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.TooManyRequests, token.StatusCode);
        Assert.Contains(
            "\"error\":\"temporarily_unavailable\"",
            await token.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.NotNull(token.Headers.RetryAfter);
        Assert.True(token.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Keys_metadata_health_files_and_preflights_are_not_counted()
    {
        string[] free =
        [
            ".well-known/jwks",
            ".well-known/openid-configuration",
            ".well-known/oauth-authorization-server",
            "health/live",
            "health/ready",
            "site.css",
            "favicon.svg",
        ];
        for (var i = 0; i < LimitedServer.Global; i++)
        {
            foreach (var path in free)
            {
                using var answer = await _server.Http.GetAsync(path);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }

            using var preflight = new HttpRequestMessage(HttpMethod.Options, "connect/token");
            using var allowed = await _server.Http.SendAsync(preflight);
            Assert.NotEqual(HttpStatusCode.TooManyRequests, allowed.StatusCode);
        }

        await UseUpAsync();

        foreach (var path in free)
        {
            using var answer = await _server.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_counted()
    {
        await UseUpAsync("nowhere", HttpStatusCode.NotFound);

        using var refused = await _server.Http.GetAsync("nowhere");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task An_exempt_network_is_not_counted_and_every_other_address_for_itself()
    {
        await UseUpAsync();
        using var other = _server.ClientFrom("127.0.0.7");
        using var exempt = _server.ClientFrom(LimitedServer.Exempt);

        using var fromOther = await other.GetAsync("account/login");

        Assert.Equal(HttpStatusCode.OK, fromOther.StatusCode);
        for (var i = 0; i < 2 * LimitedServer.Global; i++)
        {
            using var fromExempt = await exempt.GetAsync("account/login");
            Assert.Equal(HttpStatusCode.OK, fromExempt.StatusCode);
        }
    }

    [Fact]
    public async Task An_address_is_refused_before_its_body_is_asked_for()
    {
        using var http = _server.ClientFrom("127.0.0.1");
        for (var i = 0; i < LimitedServer.Global; i++)
        {
            using var page = await http.GetAsync("account/login");
        }

        using var client = new TcpClient(AddressFamily.InterNetwork);
        client.Client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await client.ConnectAsync(IPAddress.Loopback, _server.Address.Port);
        await using var stream = client.GetStream();
        // Only the head: a server that wants the body answers "100 Continue" first.
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /account/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: {Wire.Form}\r\n"
                    + "Content-Length: 7\r\nExpect: 100-continue\r\n\r\n"
            )
        );
        using var answer = new StreamReader(stream);

        Assert.Equal("HTTP/1.1 429 Too Many Requests", await answer.ReadLineAsync());
    }

    [Fact]
    public async Task Somebody_who_is_signed_in_is_counted_for_themselves_and_not_for_their_address()
    {
        using var browser = await _server.SignedInAsync();
        for (var i = 0; i < LimitedServer.PerUser; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("account/login")).Status);
        }

        var refused = await browser.GetAsync("account/login");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        // The address has paid for the two requests before they were signed in.
        await UseUpAsync(times: LimitedServer.Global - 2);
    }

    [Fact]
    public async Task A_session_cookie_that_is_none_is_no_way_around_the_address()
    {
        using var browser = new Browser(_server);
        for (var i = 0; i < LimitedServer.Global; i++)
        {
            browser.Cookies["session"] = $"invented{i}";
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("account/login")).Status);
        }

        browser.Cookies["session"] = "another";

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.GetAsync("account/login")).Status);
    }

    private async Task UseUpAsync(
        string path = "account/login",
        HttpStatusCode expected = HttpStatusCode.OK,
        int times = LimitedServer.Global
    )
    {
        for (var i = 0; i < times; i++)
        {
            using var answer = await _server.Http.GetAsync(path);
            Assert.True(
                answer.StatusCode == expected || path.StartsWith("connect", StringComparison.Ordinal),
                $"{i}: {answer.StatusCode}"
            );
        }
    }

    private static StringContent Form(string body) => new(body, null, Wire.Form);
}
