using AuthServer.Data.PostgreSql;
using AuthServer.Data.Sqlite;

namespace AuthServer.Data;

/// <summary>The kinds of database there are, by the name that <c>Data:Provider</c> gives them.</summary>
internal static class Databases
{
    private const string Sqlite = "Sqlite";
    private const string PostgreSql = "PostgreSql";

    public static bool AreKnownBy(string provider) => Is(provider, Sqlite) || Is(provider, PostgreSql);

    /// <summary>The database that the settings name. An unknown one is told by the check of the settings.</summary>
    public static IDatabase Of(DataOptions options) =>
        Is(options.Provider, PostgreSql) ? new PostgreSqlDatabase(options) : new SqliteDatabase(options);

    private static bool Is(string provider, string name) =>
        string.Equals(provider, name, StringComparison.OrdinalIgnoreCase);
}
