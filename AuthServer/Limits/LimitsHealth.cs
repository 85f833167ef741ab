using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthServer.Limits;

/// <summary>Tells operators that limits hold per instance for now; the server is ready all the same.</summary>
internal sealed class LimitsHealth(RedisLink link) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            link.IsDegraded
                ? HealthCheckResult.Degraded("limits are counted per instance, for Redis does not answer")
                : HealthCheckResult.Healthy()
        );
}
