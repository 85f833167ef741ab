using System.Net;
using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Data.PostgreSql;

/// <summary>A PostgreSQL that dies, or hangs, under requests.</summary>
public sealed class AwayTests : IAsyncLifetime
{
    /// <summary>Well below the 90 seconds that a command may take here, well above what an answer takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private PostgreSqlServer _database = null!;
    private OwnPostgreSqlServer _server = null!;
    private RelyingParty _spa = null!;

    public async Task InitializeAsync()
    {
        if (PostgreSqlServer.ReasonToSkip is null)
        {
            _database = await PostgreSqlServer.StartAsync();
            _server = new OwnPostgreSqlServer(await _database.CreateAsync());
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
        await _server.ReadyAsync(HttpStatusCode.ServiceUnavailable);
        await _database.ResumeAsync();
        await _server.ReadyAsync(HttpStatusCode.OK);

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
                )
                .WaitAsync(Patience);
            refused = await _spa.RefreshAsync(first["refresh_token"]);
        }
        finally
        {
            await _database.ThawAsync();
        }

        Assert.All(hung, AssertAway);
        AssertAway(refused);
        await _server.ReadyAsync(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(first["refresh_token"])).Status);
    }

    [PostgreSqlFact]
    [Trait("Requirement", "C-23")]
    public async Task A_retry_of_what_was_on_its_way_when_it_hung_is_no_replay()
    {
        var first = await _spa.SignInAsync(await _server.SignedInAsync());
        _server.BeforeNextWrite(_database.FreezeAsync);
        Answer hung;
        try
        {
            hung = await _spa.RefreshAsync(first["refresh_token"]).WaitAsync(Patience);
            // Longer than the grace.
            _server.Clock.Advance(TimeSpan.FromSeconds(30));
        }
        finally
        {
            await _database.ThawAsync();
        }

        await _server.ReadyAsync(HttpStatusCode.OK);
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

    internal static void AssertAway(Answer answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("temporarily_unavailable", answer["error"]);
        Assert.NotNull(answer.Headers.RetryAfter);
    }
}
