using System.Data.Common;

namespace AuthServer.Data.Statements;

/// <summary>How a start, and every look after it, reads what is sealed: our secrets, the keys, the Data Protection ring.</summary>
internal static class KeyRows
{
    /// <summary>All of our own secrets.</summary>
    public static readonly Statement Secrets = new("""SELECT "Name", "Protected" FROM "Secrets" """);

    /// <summary>All keys that sign and encrypt.</summary>
    public static readonly Statement SigningKeys = new(
        """SELECT "Id", "Algorithm", "Protected", "CreatedAt", "ActivatesAt", "RevokedAt" FROM "SigningKeys" """
    );

    /// <summary>The Data Protection ring, in the order in which it was written.</summary>
    public static readonly Statement Ring = new("""SELECT "Xml" FROM "DataProtectionKeys" ORDER BY "Id" """);

    /// <summary>A text that is another when the ring has changed.</summary>
    public static readonly Statement RingMark = new(
        """SELECT count(*), COALESCE(max("Id"), 0) FROM "DataProtectionKeys" """
    );

    public static Secret ReadSecret(DbDataReader row) =>
        new() { Name = row.GetString(0), Protected = row.GetFieldValue<byte[]>(1) };

    public static SigningKey ReadSigningKey(DbDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            Algorithm = row.GetString(1),
            Protected = row.GetFieldValue<byte[]>(2),
            CreatedAt = row.Utc(3),
            ActivatesAt = row.Utc(4),
            RevokedAt = row.Instant(5),
        };

    /// <summary>Empty for a row that holds nothing.</summary>
    public static string ReadRing(DbDataReader row) => row.Text(0) ?? "";

    public static string ReadRingMark(DbDataReader row) => $"{row.GetInt64(0)}/{row.GetInt64(1)}";
}
