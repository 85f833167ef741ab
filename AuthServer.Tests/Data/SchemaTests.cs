using AuthServer.Data;
using AuthServer.Data.PostgreSql;
using AuthServer.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Data;

/// <summary>What a start takes for granted, so that it need not ask EF, is what EF would say.</summary>
public class SchemaTests
{
    [Fact]
    public void The_newest_migration_and_the_tables_are_those_of_the_model_on_SQLite() =>
        Compare(
            new SqliteDatabase(new DataOptions()),
            new SqliteAuthDb(
                new DbContextOptionsBuilder<SqliteAuthDb>().UseSqlite("Data Source=unused.db").Options
            )
        );

    [Fact]
    public void The_newest_migration_and_the_tables_are_those_of_the_model_on_PostgreSQL() =>
        Compare(
            new PostgreSqlDatabase(
                new DataOptions { Provider = "PostgreSql", ConnectionString = "Host=unused;Username=u" }
            ),
            new PostgreSqlAuthDb(
                new DbContextOptionsBuilder<PostgreSqlAuthDb>().UseNpgsql("Host=unused").Options
            )
        );

    private static void Compare(IDatabase database, AuthDb db)
    {
        using (db)
        {
            var migrations = db.Database.GetMigrations().ToList();
            Assert.Equal(new Schema(migrations[^1], migrations.Count), database.Schema);
            Assert.Equal(
                db.Model.GetEntityTypes()
                    .Select(type => type.GetTableName())
                    .OfType<string>()
                    .Distinct()
                    .Order(StringComparer.Ordinal),
                Schema.Tables.Order(StringComparer.Ordinal)
            );
        }
    }
}
