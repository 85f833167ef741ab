using System.Data.Common;

namespace AuthServer.Data;

/// <summary>
/// What this version has made of a database, in words that need no EF: to see that all is as it was is what nearly every
/// start, and every look at its health, is about.
/// </summary>
/// <param name="Newest">The last migration.</param>
/// <param name="Migrations">How many there are.</param>
internal sealed record Schema(string Newest, int Migrations)
{
    /// <summary>How many migrations were applied, and the last of them.</summary>
    public const string AskForMigrations =
        """SELECT count(*), max("MigrationId") FROM "__EFMigrationsHistory" """;

    /// <summary>All that this version works with.</summary>
    public static readonly IReadOnlyList<string> Tables =
    [
        "AspNetUserClaims",
        "AspNetUserLogins",
        "AspNetUsers",
        "AspNetUserTokens",
        "Audit",
        "AuditCheckpoints",
        "AuditLinks",
        "DataProtectionKeys",
        "OpenIddictApplications",
        "OpenIddictAuthorizations",
        "OpenIddictScopes",
        "OpenIddictTokens",
        "OutgoingLetters",
        "PendingIdentities",
        "Secrets",
        "Sessions",
        "SigningKeys",
    ];

    /// <summary>Whether a row of <see cref="AskForMigrations"/> tells of this version, neither older nor newer.</summary>
    public bool IsIn(DbDataReader row) =>
        row.GetInt64(0) == Migrations && string.Equals(row.GetString(1), Newest, StringComparison.Ordinal);

    /// <summary>
    /// Counts 1 when the newest migration was applied, and fails when a table is missing. Reads no row but that one: the
    /// tables are only named, so that the database has to find them.
    /// </summary>
    public string Question { get; } =
        $"""SELECT count(*) FROM "__EFMigrationsHistory" WHERE "MigrationId" = '{Newest}'{string.Concat(
            Tables.Select(table => $""" AND NOT EXISTS (SELECT 1 FROM "{table}" WHERE 1 = 0)""")
        )}""";
}
