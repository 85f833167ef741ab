namespace AuthServer.Data.Statements;

/// <summary>How the token path writes what happened.</summary>
internal static class AuditRows
{
    private static readonly string InsertWhenUsed = $"""
        INSERT INTO "Audit" ("EventId", "At", "Event", "Succeeded", "AccountId", "ClientId", "SessionId", "Address",
          "NameHash", "Reason", "TokenHash", "TraceId", "Count", "Salt", "PersonalDigest", "Mac")
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
        {TokenUse.Guard(17)}
        """;

    /// <summary>Adds it; when it tells of a use, only if that took place.</summary>
    public static Statement Insert(AuditEntry row, TokenUse? use) =>
        new(
            InsertWhenUsed,
            row.EventId,
            row.At,
            row.Event,
            row.Succeeded,
            row.AccountId,
            row.ClientId,
            row.SessionId,
            row.Address,
            row.NameHash,
            row.Reason,
            row.TokenHash,
            row.TraceId,
            row.Count,
            row.Salt,
            row.PersonalDigest,
            row.Mac,
            use?.TokenId,
            use?.Mark
        );
}
