using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthServer.Data.Sqlite;

/// <summary>Whether the file of the database is there, can be read, and holds all that this version works with.</summary>
internal sealed class SqliteHealth(SqliteDatabase database) : IHealthCheck
{
    /// <summary>Seconds that a check waits for another program to let go of the file.</summary>
    private const int Patience = 1;

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        // Opened anew: a file that was removed or replaced lives on in the connections that have it open.
        var settings = new SqliteConnectionStringBuilder(database.ConnectionString)
        {
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = Patience,
        };
        try
        {
            await using var connection = new SqliteConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // It holds names of our own and nothing else.
            command.CommandText = database.Schema.Question;
#pragma warning restore CA2100
            return await command.ExecuteScalarAsync(cancellationToken) is 1L
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database is not at this version.");
        }
        catch (SqliteException exception)
        {
            return HealthCheckResult.Unhealthy($"The database cannot be used: {exception.Message}");
        }
    }
}
