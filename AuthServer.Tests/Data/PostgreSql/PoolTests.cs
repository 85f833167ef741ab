using System.Data.Common;
using System.Diagnostics;
using System.Net;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AuthServer.Tests.Data.PostgreSql;

/// <summary>More requests than connections to the database.</summary>
public sealed class PoolTests(PoolTests.SmallServer server) : IClassFixture<PoolTests.SmallServer>
{
    [PostgreSqlFact]
    [Trait("Requirement", "D-08")]
    public async Task Whoever_finds_no_free_connection_is_told_to_come_again_and_keys_are_served_as_ever()
    {
        var spa = RelyingParty.Spa(server);
        using var browser = await server.SignedInAsync();
        var (first, second) = (await spa.SignInAsync(browser), await spa.SignInAsync(browser));
        var holding = server.HoldCommits();
        var held = spa.RefreshAsync(first["refresh_token"]);
        await holding;

        var refused = await spa.RefreshAsync(second["refresh_token"]);
        using var keys = await server.Http.GetAsync(".well-known/jwks");
        server.Release();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, keys.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await held).Status);
        Assert.Equal(HttpStatusCode.OK, (await spa.RefreshAsync(second["refresh_token"])).Status);
    }

    /// <summary>A server with one connection, whose commits can be held up.</summary>
    public sealed class SmallServer : PostgreSqlTestServer, IDbTransactionInterceptor
    {
        private readonly TaskCompletionSource _release = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        private TaskCompletionSource? _held;

        /// <summary>Holds the next commit; completes when there is one.</summary>
        public Task HoldCommits()
        {
            _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _held.Task;
        }

        public void Release() => _release.SetResult();

        public async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction,
            TransactionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default
        )
        {
            // Only what a request commits; the server has work of its own.
            if (Activity.Current is not null && Interlocked.Exchange(ref _held, null) is { } held)
            {
                held.SetResult();
                await _release.Task;
            }

            return result;
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            var settings = new NpgsqlConnectionStringBuilder(Database) { MaxPoolSize = 1, Timeout = 1 };
            builder.UseSetting("Data:ConnectionString", settings.ConnectionString);
            builder.ConfigureServices(services => services.AddSingleton<IInterceptor>(this));
        }
    }
}
