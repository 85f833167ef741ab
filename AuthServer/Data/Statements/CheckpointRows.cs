using System.Data.Common;

namespace AuthServer.Data.Statements;

/// <summary>How the keeper of the audit trail reads and writes its checkpoints.</summary>
internal static class CheckpointRows
{
    // Unless another instance has signed one meanwhile.
    private const string InsertFirst = """
        INSERT INTO "AuditCheckpoints" ("Seq", "Hash", "At", "KeyId", "Signature")
        SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM "AuditCheckpoints" WHERE "Seq" > $6)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>The last one.</summary>
    public static readonly Statement Last = new(
        """SELECT "Seq", "Hash", "At", "KeyId", "Signature" FROM "AuditCheckpoints" ORDER BY "Seq" DESC LIMIT 1"""
    );

    /// <summary>Adds it, if none came after the one at <paramref name="last"/>.</summary>
    public static Statement Insert(AuditCheckpoint one, long last) =>
        new(InsertFirst, one.Seq, one.Hash, one.At, one.KeyId, one.Signature, last);

    public static AuditCheckpoint Read(DbDataReader row) =>
        new()
        {
            Seq = row.GetInt64(0),
            Hash = row.GetFieldValue<byte[]>(1),
            At = row.Utc(2),
            KeyId = row.GetString(3),
            Signature = row.GetFieldValue<byte[]>(4),
        };
}
