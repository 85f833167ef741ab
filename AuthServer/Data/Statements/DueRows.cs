using System.Data.Common;

namespace AuthServer.Data.Statements;

/// <summary>Whether there is something to do for those who look for it all the time. What it is, they ask then.</summary>
internal static class DueRows
{
    // Each finds its first row by an index, or none.
    private const string AskForExpired = """
        SELECT 1 WHERE EXISTS (SELECT 1 FROM "OpenIddictTokens" WHERE "ExpirationDate" < $1)
          OR EXISTS (SELECT 1 FROM "Sessions" WHERE "ExpiresAt" >= $2 AND "ExpiresAt" < $1)
          OR EXISTS (SELECT 1 FROM "PendingIdentities" WHERE "ExpiresAt" < $1)
        """;

    /// <summary>A row when anything expired before <paramref name="due"/>; sessions only since <paramref name="since"/> (UTC).</summary>
    public static Statement Expired(DateTime due, DateTime since) => new(AskForExpired, due, since);

    /// <summary>A row when a letter wants to be carried now; <paramref name="ours"/> is what our clock says (UTC).</summary>
    public static Statement Letter(IStatements database, DateTime ours) =>
        new(
            $"""SELECT 1 WHERE EXISTS (SELECT 1 FROM "OutgoingLetters" WHERE "NextAttemptAt" <= {database.Clock("$1")})""",
            ours
        );

    /// <summary>That there is one is all it tells.</summary>
    public static object Read(DbDataReader row) => row.GetValue(0);
}
