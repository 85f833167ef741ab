using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace AuthServer.Data;

/// <summary>The SQL that asks a database whether it holds all that this version works with.</summary>
internal sealed class SchemaQuestion
{
    private string? _sql;

    /// <summary>
    /// Counts 1 when the newest migration of ours was applied, and fails when a table is missing. Reads no row but that
    /// one: the tables are only named, so that the database has to find them. Put together once.
    /// </summary>
    public string For(AuthDb db) => _sql ??= Write(db);

    private static string Write(AuthDb db)
    {
        var sql = db.GetService<ISqlGenerationHelper>();
        var tables = db
            .Model.GetEntityTypes()
            .Select(type => type.GetTableName())
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Select(table => $" AND NOT EXISTS (SELECT 1 FROM {sql.DelimitIdentifier(table)} WHERE 1 = 0)");
        var newest = db.Database.GetMigrations().Last();
        return $"""SELECT COUNT(*) AS "Value" FROM "__EFMigrationsHistory" WHERE "MigrationId" = '{newest}'{string.Concat(tables)}""";
    }
}
