using AuthServer.Audit;
using AuthServer.Data;

namespace AuthServer.Limits;

/// <summary>
/// Records that somebody is refused: once per counter and window, for whoever is refused tries again at once, and
/// must not be able to fill the database by it.
/// </summary>
internal sealed partial class RefusalRecord(
    LocalCounters told,
    IServiceScopeFactory scopes,
    ILogger<RefusalRecord> logger
)
{
    /// <summary>Never fails: the refusal stands, whether it can be written down or not.</summary>
    public async Task AddAsync(Charge exceeded, string? accountId = null, string? clientId = null)
    {
        var once = new Limit($"told-{exceeded.Limit.Name}", 1, exceeded.Limit.Window);
        if (!(await told.TakeAsync([new Charge(once, exceeded.Key)])).IsAllowed)
        {
            return;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope
                .ServiceProvider.GetRequiredService<AuditLog>()
                .Record(
                    AuditEvent.RateLimited,
                    succeeded: false,
                    accountId,
                    clientId,
                    reason: exceeded.Limit.Name
                );
            await scope.ServiceProvider.GetRequiredService<AuthDb>().SaveChangesAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.NotRecorded(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A refusal by a limit could not be recorded")]
        public static partial void NotRecorded(ILogger logger, Exception exception);
    }
}
