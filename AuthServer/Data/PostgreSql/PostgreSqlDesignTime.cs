using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AuthServer.Data.PostgreSql;

/// <summary>How <c>dotnet ef migrations</c> gets a context without starting the server.</summary>
internal sealed class PostgreSqlDesignTime : IDesignTimeDbContextFactory<PostgreSqlAuthDb>
{
    public PostgreSqlAuthDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlAuthDb>().UseNpgsql("Host=design").Options);
}
