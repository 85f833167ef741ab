using AuthServer.Data.Statements;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

/// <summary>Tells whether a sign-in still stands, and remembers when its browser was here last.</summary>
internal sealed class LiveSessions(
    IStatements database,
    TimeProvider clock,
    IOptions<SessionsOptions> options
)
{
    private static readonly TimeSpan SeenPrecision = TimeSpan.FromMinutes(5);

    /// <summary>Whether it has neither ended nor expired nor been idle for too long, its account enabled and its stamp unmoved.</summary>
    public async Task<bool> ContainAsync(string sessionId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var session = await database.FirstAsync(
            SessionRows.Standing(sessionId, now),
            SessionRows.Read,
            cancellation
        );
        if (session is null || session.LastSeenAt + options.Value.IdleTimeout <= now)
        {
            return false;
        }

        if (session.LastSeenAt + SeenPrecision <= now)
        {
            await database.WriteAsync([SessionRows.Seen(sessionId, now)], cancellation);
        }

        return true;
    }
}
