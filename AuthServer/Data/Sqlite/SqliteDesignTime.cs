using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AuthServer.Data.Sqlite;

/// <summary>How <c>dotnet ef migrations</c> gets a context without starting the server.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteAuthDb>
{
    public SqliteAuthDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteAuthDb>().UseSqlite("Data Source=design.db").Options);
}
