using AuthServer.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AuthServer.Edge;

/// <summary>
/// Leaves without losing a request: first it is no longer ready and sends kept connections away, while it serves whoever
/// still comes; then it listens no more, and ends when what has begun has ended.
/// </summary>
internal sealed class Drain(IOptions<DrainOptions> options, IHostEnvironment environment)
    : IHostedLifecycleService,
        IHealthCheck
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private volatile bool _isLeaving;

    public static void Add(IServiceCollection services)
    {
        services
            .AddSection<DrainOptions>("Drain")
            .Validate(
                options =>
                    options.Delay is null || (options.Delay >= TimeSpan.Zero && options.Delay <= Longest),
                "Drain:Delay must be between 00:00:00 and 00:05:00."
            )
            .Validate(
                options => options.Timeout >= TimeSpan.FromSeconds(1) && options.Timeout <= Longest,
                "Drain:Timeout must be between 00:00:01 and 00:05:00."
            );
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHealthChecks().AddCheck<Drain>("drain");
        services
            .AddOptions<HostOptions>()
            .Configure<Drain, IOptions<DrainOptions>>(
                (host, drain, options) => host.ShutdownTimeout = drain.Delay + options.Value.Timeout
            );
    }

    public static void Use(WebApplication app)
    {
        var drain = app.Services.GetRequiredService<Drain>();
        app.Use(
            (http, next) =>
            {
                // A proxy would send its next request on this connection at the moment in which it is closed. HTTP/2 has
                // its own way to say so.
                if (drain._isLeaving && !HttpProtocol.IsHttp2(http.Request.Protocol))
                {
                    http.Response.Headers.Connection = "close";
                }

                return next(http);
            }
        );
    }

    private TimeSpan Delay =>
        options.Value.Delay ?? (environment.IsDevelopment() ? TimeSpan.Zero : TimeSpan.FromSeconds(5));

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isLeaving = true;
        await Task.Delay(Delay, cancellationToken);
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            _isLeaving ? HealthCheckResult.Unhealthy("The server is leaving.") : HealthCheckResult.Healthy()
        );

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
