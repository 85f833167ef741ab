using System.Data.Common;
using System.Diagnostics;
using System.Net;
using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Data.PostgreSql;

/// <summary>A PostgreSQL that dies, or hangs, under requests.</summary>
public sealed class AwayTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private PostgreSqlServer _database = null!;
    private OwnServer _server = null!;
    private RelyingParty _spa = null!;

    public async Task InitializeAsync()
    {
        if (PostgreSqlServer.ReasonToSkip is null)
        {
            _database = await PostgreSqlServer.StartAsync();
            _server = new OwnServer(await _database.CreateAsync());
            await _server.InitializeAsync();
            _spa = RelyingParty.Spa(_server);
        }
    }

    public async Task DisposeAsync()
    {
        if (PostgreSqlServer.ReasonToSkip is null)
        {
            await _server.DisposeAsync();
            await _database.DisposeAsync();
        }
    }

    [PostgreSqlFact]
    [Trait("Requirement", "D-05")]
    public async Task One_that_dies_is_told_with_503_and_forgotten_when_it_is_back()
    {
        var first = await _spa.SignInAsync(await _server.SignedInAsync());
        await _database.KillAsync();

        Answer[] refused =
        [
            await _spa.RefreshAsync(first["refresh_token"]),
            await RelyingParty.Report(_server).ClientCredentialsAsync(),
            await _spa.RevokeAsync(first["refresh_token"]),
        ];
        await ReadyAsync(HttpStatusCode.ServiceUnavailable);
        await _database.ResumeAsync();
        await ReadyAsync(HttpStatusCode.OK);

        Assert.All(refused, AssertAway);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(first["refresh_token"])).Status);
    }

    [PostgreSqlFact]
    [Trait("Requirement", "D-07")]
    public async Task One_that_hangs_is_refused_for_and_no_family_ends_for_it()
    {
        var first = await _spa.SignInAsync(await _server.SignedInAsync());
        await _database.FreezeAsync();
        Answer[] hung;
        Answer refused;
        try
        {
            hung = await Task.WhenAll(
                Enumerable.Range(0, 20).Select(_ => _spa.RefreshAsync(first["refresh_token"]))
            );
            refused = await _spa.RefreshAsync(first["refresh_token"]);
        }
        finally
        {
            await _database.ThawAsync();
        }

        Assert.All(hung, AssertAway);
        AssertAway(refused);
        await ReadyAsync(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(first["refresh_token"])).Status);
    }

    [PostgreSqlFact]
    [Trait("Requirement", "C-23")]
    public async Task A_retry_of_what_was_on_its_way_when_it_hung_is_no_replay()
    {
        var first = await _spa.SignInAsync(await _server.SignedInAsync());
        _server.BeforeCommit = _database.FreezeAsync;
        Answer hung;
        try
        {
            hung = await _spa.RefreshAsync(first["refresh_token"]);
            // Longer than the grace.
            _server.Clock.Advance(TimeSpan.FromSeconds(30));
        }
        finally
        {
            await _database.ThawAsync();
        }

        await ReadyAsync(HttpStatusCode.OK);
        var state = await _server.WithDbAsync(db =>
            db.Tokens.Where(token => token.Status == "redeemed" && token.Type!.EndsWith("refresh_token"))
                .CountAsync()
        );
        var retried = await _spa.RefreshAsync(first["refresh_token"]);

        AssertAway(hung);
        // The commit came through after all; only its answer did not.
        Assert.Equal(1, state);
        Assert.Equal(HttpStatusCode.OK, retried.Status);
        Assert.Equal(1, await _server.CountLiveLeavesAsync(first));
    }

    private static void AssertAway(Answer answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("temporarily_unavailable", answer["error"]);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private async Task ReadyAsync(HttpStatusCode status)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Patience; )
        {
            using var answer = await _server.Http.GetAsync("health/ready");
            if (answer.StatusCode == status)
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail($"It did not become {status}.");
    }

    /// <summary>On a database of the test's own PostgreSQL.</summary>
    private sealed class OwnServer(string database) : PostgreSqlTestServer, IDbTransactionInterceptor
    {
        /// <summary>Done once, just before the next commit of a request.</summary>
        public Func<Task>? BeforeCommit { get; set; }

        public async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction,
            TransactionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default
        )
        {
            if (BeforeCommit is { } act && Activity.Current is not null)
            {
                BeforeCommit = null;
                await act();
            }

            return result;
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<IInterceptor>(this));
        }

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [new("Data:ConnectionString", $"{database};Command Timeout=90")];
    }
}
