using System.Net;
using System.Net.Http.Json;
using AuthServer.Limits;
using AuthServer.Tests.Accounts;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using static AuthServer.Tests.Limits.Guesses;

namespace AuthServer.Tests.Limits;

/// <summary>A server on which whoever waits for a hash waits for ever.</summary>
public sealed class PatientServer : GuessServer
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services =>
            services.AddSingleton(provider => new HashGate(
                5,
                provider.GetRequiredService<LimitsMeter>(),
                new NoTimers()
            ))
        );
    }
}

/// <summary>A server all of whose hashing threads are busy, with their queue full.</summary>
[Trait("Requirement", "C-56")]
public sealed class BusyTests : IAsyncLifetime
{
    private const string Owner = "owner@example.org";

    private readonly PatientServer _server = new();
    private readonly ManualResetEventSlim _mayEnd = new();
    private readonly List<Task<bool>> _work = [];

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        await _server.AddAccountAsync(Owner);
    }

    public async Task DisposeAsync()
    {
        _mayEnd.Set();
        await Task.WhenAll(_work);
        await _server.DisposeAsync();
        _mayEnd.Dispose();
    }

    [Fact]
    public async Task A_sign_in_is_put_off_and_costs_no_guess()
    {
        using var browser = new Browser(_server);
        var page = await browser.GetAsync("account/login");
        await OccupyAsync();

        for (var i = 0; i < 10; i++)
        {
            var answer = await browser.PressAsync(page, "Sign in", ("Email", Owner), ("Password", Wrong));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        }

        _mayEnd.Set();
        await Task.WhenAll(_work);
        Assert.Equal(HttpStatusCode.Redirect, (await _server.GuessAsync(Owner, Right)).Status);
        Assert.Equal(1, _server.Hasher.Compared);
    }

    [Fact]
    public async Task A_registration_is_put_off_in_JSON()
    {
        await OccupyAsync();

        using var answer = await _server.Http.PostAsJsonAsync(
            "api/account/register",
            new
            {
                email = "new@example.org",
                password = Right,
                name = "Ada",
            }
        );

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Tokens_and_keys_are_given_all_the_same()
    {
        await OccupyAsync();

        var token = await RelyingParty.Report(_server).ClientCredentialsAsync();
        using var keys = await _server.Http.GetAsync(".well-known/jwks");

        Assert.Equal(HttpStatusCode.OK, token.Status);
        Assert.Equal(HttpStatusCode.OK, keys.StatusCode);
    }

    // As often as there are threads, until they have begun, and then the queues of strangers.
    private async Task OccupyAsync()
    {
        var gate = _server.Services.GetRequiredService<HashGate>();
        using var begun = new SemaphoreSlim(0);
        for (var i = 0; i < 5; i++)
        {
            _work.Add(
                gate.TryRunAsync(
                    Lane.Other,
                    () =>
                    {
                        begun.Release();
                        _mayEnd.Wait();
                    },
                    CancellationToken.None
                )
            );
            Assert.True(await begun.WaitAsync(TimeSpan.FromSeconds(60)));
        }

        for (var i = 0; i < 16; i++)
        {
            _work.Add(gate.TryRunAsync(Lane.Other, () => { }, CancellationToken.None));
            _work.Add(gate.TryRunAsync(Lane.Newcomer, () => { }, CancellationToken.None));
        }
    }
}
