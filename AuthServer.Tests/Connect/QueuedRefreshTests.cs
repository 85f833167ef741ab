using System.Net;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Connect;

/// <summary>Refreshes that wait for the database longer than the grace.</summary>
public class QueuedRefreshTests(QueuedRefreshTests.SlowServer server)
    : IClassFixture<QueuedRefreshTests.SlowServer>
{
    [Fact]
    [Trait("Requirement", "C-23")]
    public async Task A_retry_that_waited_in_our_queue_is_judged_by_when_it_arrived()
    {
        var spa = RelyingParty.Spa(server);
        var first = await spa.SignInAsync(await server.SignedInAsync());

        Task<Answer>[] calls;
        await using (await server.LockDatabaseAsync())
        {
            var waiting = server.Waiting(3);
            calls = [.. Enumerable.Range(0, 3).Select(_ => spa.RefreshAsync(first["refresh_token"]))];
            await waiting;
        }

        var answers = await Task.WhenAll(calls);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => answer["refresh_token"]).Distinct());
    }

    /// <summary>Its clock jumps beyond the grace at every commit.</summary>
    public sealed class SlowServer : Server
    {
        protected override bool IsOnPostgreSql => false;

        /// <summary>Done when so many refreshes have come as far as to write; from here on the clock jumps.</summary>
        internal Task Waiting(int requests)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Statements.Written = () => Clock.Advance(TimeSpan.FromSeconds(11));
            Statements.Before = (statement, _) =>
            {
                if (statement == WatchedStatements.Commit && Interlocked.Decrement(ref requests) == 0)
                {
                    reached.SetResult();
                }

                return Task.CompletedTask;
            };
            return reached.Task;
        }

        /// <summary>Holds the write lock of the database, as another program might.</summary>
        internal async Task<IAsyncDisposable> LockDatabaseAsync()
        {
            var connection = new SqliteConnection(
                $"Data Source={Path.Combine(Folder, "test.db")};Pooling=False"
            );
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            await command.ExecuteNonQueryAsync();
            return connection;
        }
    }
}
