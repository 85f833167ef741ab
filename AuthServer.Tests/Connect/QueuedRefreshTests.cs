using System.Data.Common;
using System.Net;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
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
        private readonly Arrivals _arrivals = new();
        private readonly Jump _jump;

        public SlowServer() => _jump = new Jump(Clock);

        protected override bool IsOnPostgreSql => false;

        /// <summary>Done when so many refreshes have come as far as the question whose family it is.</summary>
        internal Task Waiting(int requests)
        {
            _jump.IsOn = true;
            return _arrivals.Expect(requests);
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

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services =>
                services.AddSingleton<IInterceptor>(_arrivals).AddSingleton<IInterceptor>(_jump)
            );
        }
    }

    private sealed class Arrivals : DbCommandInterceptor
    {
        private readonly TaskCompletionSource _reached = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        private int _left;

        public Task Expect(int requests)
        {
            _left = requests;
            return _reached.Task;
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            if (
                command.CommandText.Contains("SecurityStamp", StringComparison.Ordinal)
                && Interlocked.Decrement(ref _left) == 0
            )
            {
                _reached.TrySetResult();
            }

            return ValueTask.FromResult(result);
        }
    }

    private sealed class Jump(Clock clock) : DbTransactionInterceptor
    {
        public bool IsOn { get; set; }

        public override Task TransactionCommittedAsync(
            DbTransaction transaction,
            TransactionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            if (IsOn)
            {
                clock.Advance(TimeSpan.FromSeconds(11));
            }

            return Task.CompletedTask;
        }
    }
}
