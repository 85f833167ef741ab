using AuthServer.Data.Statements;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Audit;

public class MigrationStoryTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task A_start_does_not_read_the_whole_trail_for_it()
    {
        var question = TrailRows.Migration("any").Sql.Replace("$1", "'any'", StringComparison.Ordinal);

        var plan = await server.WithDbAsync(db => PlanAsync(db, question));

        Assert.Contains("IX_Audit_Event", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
    }

    private static async Task<string> PlanAsync(DbContext db, string question)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // It is the text of our own query.
        command.CommandText = $"EXPLAIN QUERY PLAN {question}";
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(3));
        }

        return string.Join('\n', lines);
    }
}
