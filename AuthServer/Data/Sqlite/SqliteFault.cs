using Microsoft.Data.Sqlite;

namespace AuthServer.Data.Sqlite;

/// <summary>Says in one sentence what is wrong with the file of the database and what to do about it.</summary>
internal static class SqliteFault
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
    public static string? Explain(Exception exception, string connectionString)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SqliteException sqlite)
            {
                return Explain(sqlite, new SqliteConnectionStringBuilder(connectionString));
            }
        }

        return null;
    }

    private static string Explain(SqliteException exception, SqliteConnectionStringBuilder settings)
    {
        var path = settings.DataSource;
        return exception.SqliteErrorCode switch
        {
            Busy or Locked =>
                $"The database '{path}' is locked by another program: stop that program, or set Data:ConnectionString to another file.",
            ReadOnly when settings.Mode == SqliteOpenMode.ReadOnly =>
                $"The database '{path}' is opened read-only: remove 'Mode=ReadOnly' from Data:ConnectionString.",
            ReadOnly =>
                $"The database '{path}' is read-only: make this file, those beside it (-wal, -shm) and their folder writable for this user, or set Data:ConnectionString to another file.",
            CannotOpen => CannotBeOpened(path, settings.Mode),
            Corrupt or NotADatabase =>
                $"The file '{path}' is not a readable SQLite database: restore it from your backup, or set Data:ConnectionString to another file.",
            Full or IoError =>
                $"The database '{path}' cannot be written: the disk is full or failing. Free some space, then start again.",
            _ =>
                $"The database '{path}' cannot be used (SQLite error {exception.SqliteErrorCode}): check Data:ConnectionString.",
        };
    }

    private static string CannotBeOpened(string path, SqliteOpenMode mode)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return path switch
        {
            _ when !Directory.Exists(folder) =>
                $"The folder '{folder}' of the database does not exist: create it, or set Data:ConnectionString to a file elsewhere.",
            _ when Directory.Exists(path) =>
                $"The database '{path}' is a folder: set Data:ConnectionString to a file in it.",
            _ when !File.Exists(path) && mode is SqliteOpenMode.ReadWrite or SqliteOpenMode.ReadOnly =>
                $"The database '{path}' does not exist: restore it from your backup, or remove 'Mode' from Data:ConnectionString to have it created.",
            _ =>
                $"The database '{path}' cannot be opened: make the file and its folder writable for this user, or set Data:ConnectionString to another file.",
        };
    }
}
