using System.Data.Common;

namespace AuthServer.Data.Statements;

/// <summary>How the keeper of the audit trail reads it and links it, a pass every second while something happens.</summary>
internal static class TrailRows
{
    private const string SelectUnlinked = """
        SELECT a."Id", a."EventId", a."At", a."Event", a."Succeeded", a."AccountId", a."ClientId", a."SessionId", a."Address",
          a."NameHash", a."Reason", a."TokenHash", a."TraceId", a."Count", a."Salt", a."PersonalDigest", a."Mac",
          (SELECT l."EntryId" FROM "AuditLinks" l WHERE l."EventId" = a."EventId")
        FROM "Audit" a
        WHERE a."Id" >= $1 AND NOT EXISTS (SELECT 1 FROM "AuditLinks" l WHERE l."EntryId" = a."Id")
        ORDER BY a."Id" LIMIT $2
        """;

    // The sum keeps PostgreSQL from walking over the whole trail by number until it meets the first.
    private const string SelectSince = """SELECT min("Id" + 0) FROM "Audit" WHERE "At" >= $1""";

    // Only on the very link that it was computed from. Of two who build on the same one, the second waits for the first,
    // and then adds nothing.
    private const string InsertLink = """
        INSERT INTO "AuditLinks" ("Seq", "EntryId", "EventId", "Hash")
        SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM "AuditLinks" WHERE "Seq" = $5 AND "Hash" = $6)
        ON CONFLICT DO NOTHING
        """;

    // By a constant, as in the filter of the index that finds it.
    private const string SelectMigration = """
        SELECT 1 FROM "Audit" WHERE "Event" = 'migration' AND "Reason" = $1
        """;

    /// <summary>The last link, as <see cref="ReadLink"/> takes it.</summary>
    public static readonly Statement Head = new(
        """SELECT "Seq", "EntryId", "EventId", "Hash" FROM "AuditLinks" ORDER BY "Seq" DESC LIMIT 1"""
    );

    /// <summary>The link that the chain begins with.</summary>
    public static readonly Statement Beginning = new(
        """SELECT "Seq", "EntryId", "EventId", "Hash" FROM "AuditLinks" WHERE "Seq" = 0"""
    );

    /// <summary>The number of the last row.</summary>
    public static readonly Statement Newest = new("""SELECT max("Id") FROM "Audit" """);

    /// <summary>The next rows from number <paramref name="from"/> on that are in no link.</summary>
    public static Statement Unlinked(long from, int limit) => new(SelectUnlinked, from, limit);

    /// <summary>The lowest number of a row of since then (UTC).</summary>
    public static Statement LowestSince(DateTime since) => new(SelectSince, since);

    /// <summary>Whether it was told of this version.</summary>
    public static Statement Migration(string version) => new(SelectMigration, version);

    /// <summary>Adds <paramref name="link"/>, if <paramref name="before"/> is what it stands on.</summary>
    public static Statement Append(AuditLink link, AuditLink before) =>
        new(InsertLink, link.Seq, link.EntryId, link.EventId, link.Hash, before.Seq, before.Hash);

    public static AuditLink ReadLink(DbDataReader row) =>
        new()
        {
            Seq = row.GetInt64(0),
            EntryId = row.GetInt64(1),
            EventId = row.IsDBNull(2) ? null : row.GetGuid(2),
            Hash = row.GetFieldValue<byte[]>(3),
        };

    /// <summary>A number that may be missing.</summary>
    public static Numbered ReadNumber(DbDataReader row) => new(row.IsDBNull(0) ? null : row.GetInt64(0));

    public static UnlinkedRow ReadUnlinked(DbDataReader row) =>
        new(
            new AuditEntry
            {
                Id = row.GetInt64(0),
                EventId = row.IsDBNull(1) ? null : row.GetGuid(1),
                At = row.Utc(2),
                Event = row.GetString(3),
                Succeeded = row.GetBoolean(4),
                AccountId = row.Text(5),
                ClientId = row.Text(6),
                SessionId = row.Text(7),
                Address = row.Text(8),
                NameHash = row.Text(9),
                Reason = row.Text(10),
                TokenHash = row.Text(11),
                TraceId = row.Text(12),
                Count = row.GetInt32(13),
                Salt = row.Bytes(14),
                PersonalDigest = row.Bytes(15),
                Mac = row.Bytes(16),
            },
            IsCopy: !row.IsDBNull(17)
        );
}

/// <summary>A row of the trail that is in no link.</summary>
/// <param name="Entry">It.</param>
/// <param name="IsCopy">Whether a link holds what it says under another number.</param>
internal sealed record UnlinkedRow(AuditEntry Entry, bool IsCopy);

/// <summary>The one value of an answer.</summary>
internal sealed record Numbered(long? Value);
