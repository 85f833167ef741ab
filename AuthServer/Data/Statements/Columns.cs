using System.Data.Common;

namespace AuthServer.Data.Statements;

/// <summary>What a column holds, whichever database gives it.</summary>
internal static class Columns
{
    /// <summary>SQLite does not say that it is UTC.</summary>
    public static DateTime Utc(this DbDataReader row, int column) =>
        DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc);

    public static DateTime? Instant(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.Utc(column);

    public static string? Text(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[]? Bytes(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
}
