using System.Data.Common;

namespace AuthServer.Data.Statements;

/// <summary>What every request of a signed-in browser asks of the row of its session.</summary>
internal static class SessionRows
{
    // Not ended, not expired, its account enabled and its stamp unmoved.
    private const string SelectStanding = """
        SELECT s."LastSeenAt" FROM "Sessions" s
        JOIN "AspNetUsers" a
          ON a."Id" = s."AccountId" AND a."DisabledAt" IS NULL AND a."SecurityStamp" = s."SecurityStamp"
        WHERE s."Id" = $1 AND s."EndedAt" IS NULL AND s."ExpiresAt" > $2
        """;

    private const string SetSeen = """UPDATE "Sessions" SET "LastSeenAt" = $2 WHERE "Id" = $1""";

    /// <summary>A row when the session stands at <paramref name="now"/> (UTC).</summary>
    public static Statement Standing(string id, DateTime now) => new(SelectStanding, id, now);

    /// <summary>Remembers when its browser was here last (UTC).</summary>
    public static Statement Seen(string id, DateTime now) => new(SetSeen, id, now);

    /// <summary>Takes a row of <see cref="Standing"/>.</summary>
    public static StandingSession Read(DbDataReader row) => new(row.Utc(0));
}

/// <summary>A session that stands.</summary>
/// <param name="LastSeenAt">UTC.</param>
internal sealed record StandingSession(DateTime LastSeenAt);
