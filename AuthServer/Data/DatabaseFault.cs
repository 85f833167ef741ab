using Microsoft.Data.Sqlite;

namespace AuthServer.Data;

/// <summary>Says in one sentence what is wrong with the database and what to do about it.</summary>
internal static class DatabaseFault
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>The sentence; null when it is not the database that failed.</summary>
    public static string? Explain(Exception exception, DataOptions options)
    {
        var path = new SqliteConnectionStringBuilder(options.ConnectionString).DataSource;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SqliteException sqlite)
            {
                return Explain(sqlite, path);
            }
        }

        return null;
    }

    private static string Explain(SqliteException exception, string path) =>
        exception.SqliteErrorCode switch
        {
            Busy or Locked =>
                $"The database '{path}' is locked by another program: stop that program, or set Data:ConnectionString to another file.",
            ReadOnly =>
                $"The database '{path}' is read-only: make the file and its folder writable for this user, or set Data:ConnectionString to another file.",
            CannotOpen =>
                $"The database '{path}' cannot be opened: set Data:ConnectionString to a file in a folder that exists and that this user may write.",
            Corrupt or NotADatabase =>
                $"The file '{path}' is not a readable SQLite database: restore it from your backup, or set Data:ConnectionString to another file.",
            Full or IoError =>
                $"The database '{path}' cannot be written: the disk is full or failing. Free some space, then start again.",
            _ =>
                $"The database '{path}' cannot be used (SQLite error {exception.SqliteErrorCode}): check Data:ConnectionString.",
        };
}
