using System.Diagnostics;
using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Data.PostgreSql;

/// <summary>A server on a database of the test's own PostgreSQL, which the test stops or freezes.</summary>
internal sealed class OwnPostgreSqlServer(string database) : PostgreSqlTestServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Does <paramref name="act"/> once, just before a request sends what it writes.</summary>
    public void BeforeNextWrite(Func<Task> act) =>
        Statements.Before = (statement, _) =>
        {
            if (statement != WatchedStatements.Commit || Activity.Current is null)
            {
                return Task.CompletedTask;
            }

            Statements.Before = (_, _) => Task.CompletedTask;
            return act();
        };

    /// <summary>Waits until readiness answers <paramref name="status"/>.</summary>
    public async Task ReadyAsync(HttpStatusCode status)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Patience; )
        {
            using var answer = await Http.GetAsync("health/ready");
            if (answer.StatusCode == status)
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail($"It did not become {status}.");
    }

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [new("Data:ConnectionString", $"{database};Command Timeout=90")];
}
