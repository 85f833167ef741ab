using System.Diagnostics;
using AuthServer.Data;

namespace AuthServer.Audit;

/// <summary>Records what happened: a row that is saved with the change it tells of, and a line in the log.</summary>
internal sealed partial class AuditLog(
    AuthDb db,
    TimeProvider clock,
    IHttpContextAccessor http,
    ILogger<AuditLog> logger
)
{
    /// <summary>Adds the row to the unit of work; the caller's <c>SaveChangesAsync</c> makes it true.</summary>
    public void Record(
        AuditEvent what,
        bool succeeded = true,
        string? accountId = null,
        string? clientId = null,
        string? sessionId = null,
        string? reason = null
    )
    {
        var entry = new AuditEntry
        {
            At = clock.GetUtcNow().UtcDateTime,
            Event = what.Name,
            Succeeded = succeeded,
            AccountId = accountId,
            ClientId = clientId,
            SessionId = sessionId,
            Address = http.HttpContext?.Connection.RemoteIpAddress?.ToString(),
            Reason = reason,
            TraceId = Activity.Current?.TraceId.ToString(),
        };
        db.Audit.Add(entry);
        Log.Recorded(
            logger,
            entry.Event,
            entry.Succeeded,
            entry.AccountId,
            entry.ClientId,
            entry.Address,
            entry.Reason
        );
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "Audit {Event} succeeded={Succeeded} account={AccountId} client={ClientId} address={Address} reason={Reason}"
        )]
        public static partial void Recorded(
            ILogger logger,
            string @event,
            bool succeeded,
            string? accountId,
            string? clientId,
            string? address,
            string? reason
        );
    }
}
