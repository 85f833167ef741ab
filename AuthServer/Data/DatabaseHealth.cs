using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthServer.Data;

/// <summary>Whether the database answers.</summary>
internal sealed class DatabaseHealth(AuthDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        new(
            await db.Database.CanConnectAsync(cancellationToken)
                ? HealthStatus.Healthy
                : HealthStatus.Unhealthy
        );
}
