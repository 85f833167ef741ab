using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data.Sqlite;

/// <summary>The embedded database: one file, one instance.</summary>
internal sealed class SqliteAuthDb(DbContextOptions<SqliteAuthDb> options) : AuthDb(options);
