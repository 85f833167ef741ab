using AuthServer.Data.Statements;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthServer.Data.PostgreSql;

/// <summary>Whether PostgreSQL answers, and holds all that this version works with. The breaker bounds how long it takes.</summary>
internal sealed class PostgreSqlHealth(PostgreSqlDatabase database, IStatements statements) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            var found = await statements.FirstAsync(
                new Statement(database.Schema.Question),
                row => $"{row.GetInt64(0)}",
                cancellationToken
            );
            return found is "1"
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database is not at this version.");
        }
        catch (Exception exception) when (DatabaseFault.IsPassing(exception))
        {
            return HealthCheckResult.Unhealthy($"The database cannot be used: {exception.Message}");
        }
    }
}
