using System.Net;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Limits;

/// <summary>Whoever only knows the name of a client takes nothing from what it may ask for.</summary>
public sealed class StrangerTests : IAsyncLifetime
{
    private const string Assertion =
        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=e30.e30.x";

    private readonly HeldServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(
        "connect/token",
        "grant_type=client_credentials&client_id=nightly-report&client_secret=wrong"
    )]
    [InlineData("connect/token", $"grant_type=client_credentials&client_id=nightly-report&{Assertion}")]
    [InlineData("connect/introspect", $"token=x&client_id=nightly-report&{Assertion}")]
    [InlineData("connect/revoke", $"token=x&client_id=nightly-report&{Assertion}")]
    [InlineData("connect/par", $"response_type=code&client_id=nightly-report&{Assertion}")]
    public async Task Not_even_while_their_requests_are_looked_at(string path, string body)
    {
        _server.Services.GetRequiredService<ClientDirectory>().Forget();
        _server.Clients.Hold();
        var strangers = Enumerable
            .Range(0, LimitedServer.PerClient)
            .Select(i => FromAsync($"127.0.1.{i}", path, body))
            .ToList();
        await _server.Clients.BeganAsync(LimitedServer.PerClient);

        _server.Clients.LetOthersPass();
        var genuine = await RelyingParty.Report(_server).ClientCredentialsAsync();
        _server.Clients.Release();

        Assert.Equal(HttpStatusCode.OK, genuine.Status);
        Assert.All(
            await Task.WhenAll(strangers),
            status => Assert.Equal(HttpStatusCode.Unauthorized, status)
        );
    }

    [Theory]
    [InlineData("connect/token", "grant_type=client_credentials")]
    [InlineData("connect/introspect", "token=x")]
    [InlineData("connect/revoke", "token=x")]
    [InlineData("connect/par", "response_type=code")]
    public async Task An_assertion_is_counted_at_the_address_that_sends_it(string path, string body)
    {
        for (var i = 0; i < LimitedServer.Global; i++)
        {
            var answer = await _server.PostAsync(path, $"{body}&client_id=nightly-report&{Assertion}");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        }

        using var page = await _server.Http.GetAsync("account/login");
        Assert.Equal(HttpStatusCode.TooManyRequests, page.StatusCode);
    }

    [Fact]
    public async Task A_quota_holds_for_calls_at_once_as_for_calls_in_turn()
    {
        var report = RelyingParty.Report(_server);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 2 * LimitedServer.PerClient).Select(_ => report.ClientCredentialsAsync())
        );

        Assert.Equal(LimitedServer.PerClient, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.OK),
            answer =>
            {
                Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
                Assert.Equal("temporarily_unavailable", answer["error"]);
                Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            }
        );
    }

    private async Task<HttpStatusCode> FromAsync(string address, string path, string body)
    {
        using var http = _server.ClientFrom(address);
        using var content = new StringContent(body, null, Wire.Form);
        using var answer = await http.PostAsync(path, content);
        return answer.StatusCode;
    }

    private sealed class HeldServer : LimitedServer
    {
        public HeldClients Clients { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            Statements.Before = Clients.PassAsync;
        }
    }

    /// <summary>Holds whoever looks a client up in the database.</summary>
    private sealed class HeldClients
    {
        private readonly SemaphoreSlim _begun = new(0);
        private readonly TaskCompletionSource _mayGoOn = new();
        private volatile bool _isHeld;

        public void Hold() => _isHeld = true;

        public void LetOthersPass() => _isHeld = false;

        public void Release() => _mayGoOn.TrySetResult();

        public async Task BeganAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(await _begun.WaitAsync(TimeSpan.FromSeconds(60)), "Nobody looks a client up.");
            }
        }

        public async Task PassAsync(string statement, CancellationToken cancellation)
        {
            if (_isHeld && statement.Contains("OpenIddictApplications", StringComparison.Ordinal))
            {
                _begun.Release();
                await _mayGoOn.Task.WaitAsync(cancellation);
            }
        }
    }
}
