using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthServer.Data.PostgreSql;

/// <summary>Whether PostgreSQL answers, and holds all that this version works with. The breaker bounds how long it takes.</summary>
internal sealed class PostgreSqlHealth(AuthDb db, SchemaQuestion question) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            var found = await db.Database.SqlQueryRaw<long>(question.For(db)).ToListAsync(cancellationToken);
            return found is [1]
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database is not at this version.");
        }
        catch (Exception exception) when (DatabaseFault.IsPassing(exception))
        {
            return HealthCheckResult.Unhealthy($"The database cannot be used: {exception.Message}");
        }
    }
}
