using System.Data.Common;
using System.Net;
using AuthServer.Data.Sqlite;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

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
        private readonly Watch _watch;

        public SlowServer() => _watch = new Watch(Clock);

        /// <summary>Done when so many requests have reached the database's write lock.</summary>
        internal Task Waiting(int requests) => _watch.Expect(requests);

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

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services =>
                services.ConfigureDbContext<SqliteAuthDb>(db => db.AddInterceptors(_watch))
            );
        }
    }

    private sealed class Watch(Clock clock) : DbTransactionInterceptor
    {
        private TaskCompletionSource? _reached;
        private int _left;

        public Task Expect(int requests)
        {
            _left = requests;
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task;
        }

        public override ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
            DbConnection connection,
            TransactionStartingEventData eventData,
            InterceptionResult<DbTransaction> result,
            CancellationToken cancellationToken = default
        )
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _reached?.TrySetResult();
            }

            return ValueTask.FromResult(result);
        }

        public override Task TransactionCommittedAsync(
            DbTransaction transaction,
            TransactionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            if (_reached is not null)
            {
                clock.Advance(TimeSpan.FromSeconds(11));
            }

            return Task.CompletedTask;
        }
    }
}
