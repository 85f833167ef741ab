using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Load.Growth;

/// <summary>Fills a database of AuthServer as years of use would: each row a copy of one that the server wrote, but for its keys.</summary>
internal sealed class Rows : IDisposable
{
    // In no order that the keys of the rows follow: an odd factor turns each number into another one.
    private const string Key = "printf('%08x', ({0} * 2654435761) % 4294967296)";

    private readonly SqliteConnection _database;

    public Rows(string file)
    {
        _database = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString
        );
        _database.Open();
        // If it dies the database is thrown away.
        Run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000");
    }

    /// <summary>Adds people, each with a session and a family, and tokens, of which each family has the newest unused.</summary>
    public void Add(int people, int tokens)
    {
        var person = Of("n");
        var owner = Of(string.Create(CultureInfo.InvariantCulture, $"(n % {people})"));
        Copy(
            "AspNetUsers",
            people,
            ("Id", $"'u' || {person}"),
            ("UserName", $"{person} || '@grown.example'"),
            ("NormalizedUserName", $"{person} || '@GROWN.EXAMPLE'"),
            ("Email", $"{person} || '@grown.example'"),
            ("NormalizedEmail", $"{person} || '@GROWN.EXAMPLE'")
        );
        Copy("Sessions", people, ("Id", $"'s' || {person}"), ("AccountId", $"'u' || {person}"));
        Copy(
            "OpenIddictAuthorizations",
            people,
            ("Id", $"'f' || {person}"),
            ("SessionId", $"'s' || {person}"),
            ("Subject", $"'u' || {person}")
        );
        Copy(
            "OpenIddictTokens",
            tokens,
            ("Id", $"'t' || {person}"),
            ("AuthorizationId", $"'f' || {owner}"),
            ("Subject", $"'u' || {owner}"),
            ("ReferenceId", $"{person} || 'grown'"),
            ("Status", string.Create(CultureInfo.InvariantCulture, $"iif(n < {people}, 'valid', 'redeemed')"))
        );
        Run("PRAGMA journal_mode = WAL");
    }

    public void Dispose() => _database.Dispose();

    private static string Of(string number) => Key.Replace("{0}", number, StringComparison.Ordinal);

    // An index that is made at the end is sorted once.
    private void Copy(string table, int count, params (string Column, string Value)[] keys)
    {
        var indexes = Read(
            $"SELECT name || char(10) || sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL"
        );
        var columns = Read($"SELECT name FROM pragma_table_info('{table}')");
        var values = columns.Select(column =>
            Array.Find(keys, key => key.Column == column).Value ?? $"one.\"{column}\""
        );
        indexes.ForEach(index => Run($"DROP INDEX \"{index.Split('\n')[0]}\""));
        Run(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count
                    - 1})
                INSERT INTO "{table}" ({string.Join(", ", columns.Select(column => $"\"{column}\""))})
                SELECT {string.Join(", ", values)}
                FROM numbers, (SELECT * FROM "{table}" ORDER BY rowid DESC LIMIT 1) one
                """
            )
        );
        indexes.ForEach(index => Run(index.Split('\n', 2)[1]));
    }

    [SuppressMessage(
        "Security",
        "CA2100:Review SQL queries for security vulnerabilities",
        Justification = "All of it is written here."
    )]
    private SqliteCommand Command(string sql)
    {
        var command = _database.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        return command;
    }

    private void Run(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private List<string> Read(string sql)
    {
        using var command = Command(sql);
        using var reader = command.ExecuteReader();
        List<string> found = [];
        while (reader.Read())
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }
}
