using System.Globalization;
using AuthServer.Data;
using AuthServer.Data.PostgreSql;
using AuthServer.Data.Sqlite;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AuthServer.Tests.Data.Copy;

/// <summary>Every column of every table of the model arrives, whichever tables the model comes to have.</summary>
public sealed class CoverageTests
{
    // Finer than PostgreSQL keeps, and at the end of a second: rounded up, it would be another one.
    private static readonly DateTime Instant = new(2026, 3, 4, 5, 6, 7, 999, 999, DateTimeKind.Utc);

    private static int _values;

    [PostgreSqlFact]
    public async Task Every_value_of_every_table_is_copied_and_numbers_go_on()
    {
        await using var former = new LivedIn();
        using var folder = new Folder();
        var database = await PostgreSqlServer.NewDatabaseAsync();
        await former.LiveAsync();
        await using var source = new SqliteAuthDb(
            new DbContextOptionsBuilder<SqliteAuthDb>()
                .UseSqlite($"Data Source={former.File};Pooling=false")
                .Options
        );
        await FillAsync(source);
        var expected = await ReadAsync(source);
        await source.Database.CloseConnectionAsync();

        var said = await Copier.RunAsync(folder, former.File, database, former.MasterKeyFile);

        await using var target = new PostgreSqlAuthDb(
            new DbContextOptionsBuilder<PostgreSqlAuthDb>().UseNpgsql($"{database};Pooling=false").Options
        );
        // The row that tells of the copy is the only one that is new.
        var told = await target.Audit.SingleAsync(row => row.Event == "data.copied");
        Assert.Equal(expected["Audit"].Count + 1, await target.Audit.CountAsync());
        Assert.Equal(await source.Audit.MaxAsync(row => row.Id) + 1, told.Id);
        target.Remove(told);
        await target.SaveChangesAsync();
        var actual = await ReadAsync(target);
        foreach (var (table, rows) in expected)
        {
            Assert.NotEmpty(rows);
            Assert.Equal(rows, actual[table]);
            Assert.Contains($" {rows.Count}  {table}", said, StringComparison.Ordinal);
        }

        // The model has no table that is not asked about above.
        Assert.Equal(await TablesAsync(target), expected.Keys.Order(StringComparer.Ordinal));
        await FillAsync(target);
        await PostgreSqlServer.DropAsync(database);
    }

    /// <summary>Adds a row to every table, with a value in every column.</summary>
    private static async Task FillAsync(AuthDb db)
    {
        var made = new Dictionary<IEntityType, object>();
        // Secrets must open, and there are some.
        var waiting = db.Model.GetEntityTypes().Where(type => type.ClrType != typeof(Secret)).ToList();
        while (waiting.Count > 0)
        {
            var type = waiting.First(type =>
                type.GetForeignKeys().All(key => made.ContainsKey(key.PrincipalEntityType))
            );
            waiting.Remove(type);
            var entry = db.Entry(Activator.CreateInstance(type.ClrType, nonPublic: true)!);
            foreach (var property in type.GetProperties().Where(IsOurs))
            {
                entry.Property(property.Name).CurrentValue = property
                    .GetContainingForeignKeys()
                    .FirstOrDefault()
                    is { } key
                    ? db.Entry(made[key.PrincipalEntityType])
                        .Property(key.PrincipalKey.Properties[0].Name)
                        .CurrentValue
                    : ValueFor(property.ClrType, db);
            }

            entry.State = EntityState.Added;
            await db.SaveChangesAsync();
            made[type] = entry.Entity;
        }

        db.ChangeTracker.Clear();
    }

    // The others are numbers that the database gives.
    private static bool IsOurs(IProperty property) =>
        !(property.IsPrimaryKey() && property.ValueGenerated == ValueGenerated.OnAdd && IsNumber(property));

    private static bool IsNumber(IProperty property) =>
        property.ClrType == typeof(int) || property.ClrType == typeof(long);

    private static object ValueFor(Type type, AuthDb db)
    {
        var number = Interlocked.Increment(ref _values) + 1_000_000;
        return (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var t when t == typeof(string) => $"ä\U0001F600 {number.ToString(CultureInfo.InvariantCulture)}",
            var t when t == typeof(int) => number,
            var t when t == typeof(long) => (long)number,
            var t when t == typeof(bool) => true,
            var t when t == typeof(Guid) => Guid.NewGuid(),
            var t when t == typeof(byte[]) => new byte[] { 0, 1, 254, 255 },
            var t when t == typeof(DateTime) => Instant.AddTicks(9).AddDays(number),
            var t when t == typeof(DateTimeOffset) => new DateTimeOffset(Instant).ToOffset(
                // PostgreSQL keeps no offset, and takes none.
                TimeSpan.FromHours(db is SqliteAuthDb ? 2 : 0)
            ),
            var other => throw new NotSupportedException($"Give {other} a value here."),
        };
    }

    private static async Task<SortedDictionary<string, List<string>>> ReadAsync(AuthDb db)
    {
        var tables = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var type in db.Model.GetEntityTypes())
        {
            var rows =
                (IQueryable<object>)
                    db.GetType()
                        .GetMethod(nameof(DbContext.Set), [])!
                        .MakeGenericMethod(type.ClrType)
                        .Invoke(db, null)!;
            tables[type.GetTableName()!] =
            [
                .. (await rows.ToListAsync())
                    .Select(row => Tell(db.Entry(row).CurrentValues))
                    .Order(StringComparer.Ordinal),
            ];
            db.ChangeTracker.Clear();
        }

        return tables;
    }

    private static string Tell(Microsoft.EntityFrameworkCore.ChangeTracking.PropertyValues values) =>
        string.Join('|', values.Properties.Select(property => $"{property.Name}={Tell(values[property])}"));

    private static string Tell(object? value) =>
        value switch
        {
            byte[] bytes => Convert.ToHexString(bytes),
            DateTime time => $"{time:yyyy-MM-dd HH:mm:ss.ffffff} {time.Kind}",
            DateTimeOffset time => $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null",
        };

    private static Task<List<string>> TablesAsync(AuthDb db) =>
        db
            .Database.SqlQuery<string>(
                $"""
                SELECT table_name::text AS "Value" FROM information_schema.tables
                WHERE table_schema = current_schema() AND table_name <> '__EFMigrationsHistory' ORDER BY table_name COLLATE "C"
                """
            )
            .ToListAsync();
}
