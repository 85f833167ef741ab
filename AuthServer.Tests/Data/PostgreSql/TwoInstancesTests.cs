using System.Net;
using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AuthServer.Tests.Data.PostgreSql;

/// <summary>What two instances do at the same moment to the same row.</summary>
public sealed class TwoInstancesTests : IAsyncLifetime
{
    private readonly PostgreSqlTestServer _first = new();
    private readonly TwinServer _second;
    private readonly RelyingParty _here;
    private RelyingParty _there = null!;

    public TwoInstancesTests()
    {
        _second = new TwinServer(_first);
        _here = RelyingParty.Spa(_first);
    }

    public async Task InitializeAsync()
    {
        if (PostgreSqlServer.ReasonToSkip is null)
        {
            await _first.InitializeAsync();
            await _second.InitializeAsync();
            _there = _here with { Server = _second };
        }
    }

    public async Task DisposeAsync()
    {
        if (PostgreSqlServer.ReasonToSkip is null)
        {
            await _second.DisposeAsync();
            await _first.DisposeAsync();
        }
    }

    [PostgreSqlFact]
    [Trait("Requirement", "C-23")]
    public async Task Fifty_refreshes_of_one_token_at_once_have_one_child()
    {
        var first = await SignInAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => At(i).RefreshAsync(first["refresh_token"]))
        );

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var child = Assert.Single(answers.Select(answer => answer["refresh_token"]).Distinct());
        Assert.Equal(1, await _first.CountLiveLeavesAsync(first));
        Assert.Equal(HttpStatusCode.OK, (await _there.RefreshAsync(child)).Status);
    }

    [PostgreSqlFact]
    [Trait("Requirement", "C-14")]
    public async Task A_code_that_is_redeemed_at_both_gives_tokens_once_and_then_ends()
    {
        var code = await _here.AuthorizeAsync(await _first.SignedInAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => At(i).RedeemAsync(code)));

        var good = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(0, await _first.CountLiveLeavesAsync(good));
        Assert.Equal(1, await CountAsync("code.replayed"));
    }

    [PostgreSqlFact]
    [Trait("Requirement", "C-25")]
    public async Task A_family_that_ends_while_a_refresh_waits_gives_nothing_any_more()
    {
        var first = await SignInAsync();
        await using var other = new NpgsqlConnection(_first.Database);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await RunAsync(other, "UPDATE \"OpenIddictAuthorizations\" SET \"Status\" = 'revoked'");

        var waiting = _here.RefreshAsync(first["refresh_token"]);
        await WaitForWaiterAsync();
        await transaction.CommitAsync();

        Assert.Equal("invalid_grant", (await waiting)["error"]);
        Assert.Equal(0, await _first.CountLiveLeavesAsync(first));
    }

    [PostgreSqlFact]
    [Trait("Requirement", "C-22")]
    public async Task A_retry_that_comes_before_the_first_is_committed_gets_its_answer()
    {
        var first = await SignInAsync();
        Task<Answer>[] calls;
        await using (var other = new NpgsqlConnection(_first.Database))
        {
            await other.OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();
            await RunAsync(other, "SELECT 1 FROM \"OpenIddictAuthorizations\" FOR UPDATE");
            calls = [_here.RefreshAsync(first["refresh_token"]), _there.RefreshAsync(first["refresh_token"])];
            await WaitForWaiterAsync(waiters: 2);
            await transaction.RollbackAsync();
        }

        var answers = await Task.WhenAll(calls);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => answer["refresh_token"]).Distinct());
        Assert.Equal(0, await CountAsync("refresh.reuse_detected"));
    }

    [PostgreSqlFact]
    [Trait("Requirement", "D-14")]
    public async Task An_instance_whose_clock_is_wrong_takes_no_retry_for_a_replay()
    {
        var first = await SignInAsync();
        _second.Clock.Advance(TimeSpan.FromMinutes(2));

        var here = await _here.RefreshAsync(first["refresh_token"]);
        var retried = await _there.RefreshAsync(first["refresh_token"]);

        Assert.Equal(HttpStatusCode.OK, retried.Status);
        Assert.Equal(here["refresh_token"], retried["refresh_token"]);
    }

    [PostgreSqlFact]
    public async Task A_cookie_of_one_is_known_to_the_other()
    {
        using var browser = await _first.SignedInAsync();

        using var elsewhere = new Browser(_second);
        foreach (var (name, value) in browser.Cookies)
        {
            elsewhere.Cookies[name] = value;
        }

        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("account")).Status);
    }

    private RelyingParty At(int i) => i % 2 == 0 ? _here : _there;

    private async Task<Answer> SignInAsync() => await _here.SignInAsync(await _first.SignedInAsync());

    private Task<int> CountAsync(string what) =>
        _first.WithDbAsync(db => db.Audit.CountAsync(row => row.Event == what));

    private async Task WaitForWaiterAsync(int waiters = 1)
    {
        await using var connection = new NpgsqlConnection(_first.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
            connection
        );
        for (var i = 0; i < 3000 && (long)(await command.ExecuteScalarAsync())! < waiters; i++)
        {
            await Task.Delay(10);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
