using AuthServer.Data;
using AuthServer.Tests.Support;
using AuthServer.Upkeep;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Upkeep;

/// <summary>What is cleared away while the server serves, and what is not.</summary>
public class PruningTests : IAsyncLifetime
{
    private readonly Server _server = new();
    private readonly RelyingParty _spa;

    public PruningTests() => _spa = RelyingParty.Spa(_server);

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Revoked_access_tokens_are_remembered_until_they_have_expired()
    {
        var report = RelyingParty.Report(_server);
        await report.RevokeAsync((await report.ClientCredentialsAsync())["access_token"]);
        _server.Clock.Advance(TimeSpan.FromMinutes(26));
        await report.RevokeAsync((await report.ClientCredentialsAsync())["access_token"]);
        var live = await report.ClientCredentialsAsync();

        Assert.Equal(2, await CountAsync(db => db.Tokens));
        await PruneAsync();

        Assert.Equal(1, await CountAsync(db => db.Tokens));
        Assert.Equal(
            "True",
            (await RelyingParty.OrdersApi(_server).IntrospectAsync(live["access_token"]))["active"]
        );
    }

    [Fact]
    public async Task A_family_without_a_refresh_token_lives_as_long_as_its_access_token()
    {
        using var browser = await _server.SignedInAsync();
        var tokens = await _spa.SignInAsync(browser, ("scope", "openid orders.read"));
        Assert.False(tokens.Has("refresh_token"));
        _server.Clock.Advance(TimeSpan.FromMinutes(14));
        await PruneAsync();

        var told = await RelyingParty.OrdersApi(_server).IntrospectAsync(tokens["access_token"]);
        Assert.Equal("True", told["active"]);
        _server.Clock.Advance(TimeSpan.FromMinutes(12));
        await PruneAsync();
        Assert.Equal(0, await CountAsync(db => db.Authorizations));
    }

    [Fact]
    public async Task A_used_refresh_token_is_known_for_a_replay_as_long_as_its_family_lives()
    {
        using var browser = await _server.SignedInAsync();
        var first = await _spa.SignInAsync(browser);
        var tokens = first;
        // Long after the first one has expired.
        for (var day = 0; day < 12; day += 4)
        {
            _server.Clock.Advance(TimeSpan.FromDays(4));
            tokens = await _spa.RefreshAsync(tokens["refresh_token"]);
            await PruneAsync();
        }

        var replay = await _spa.RefreshAsync(first["refresh_token"]);
        var after = await _spa.RefreshAsync(tokens["refresh_token"]);

        Assert.Equal("invalid_grant", replay["error"]);
        Assert.Equal("invalid_grant", after["error"]);
        Assert.Equal(1, await CountAsync(db => db.Audit.Where(row => row.Event == "refresh.reuse_detected")));
    }

    [Fact]
    public async Task A_family_outlives_its_session_and_both_go_with_its_last_token()
    {
        using var browser = await _server.SignedInAsync();
        var tokens = await _spa.SignInAsync(browser);
        for (var day = 0; day < 24; day += 6)
        {
            _server.Clock.Advance(TimeSpan.FromDays(6));
            tokens = await _spa.RefreshAsync(tokens["refresh_token"]);
            Assert.True(tokens.Has("refresh_token"), tokens.Json.ToString());
            await PruneAsync();
        }

        Assert.Equal(1, await CountAsync(db => db.Sessions));
        _server.Clock.Advance(TimeSpan.FromDays(8));
        await PruneAsync();

        Assert.Equal(0, await CountAsync(db => db.Tokens));
        Assert.Equal(0, await CountAsync(db => db.Authorizations));
        Assert.Equal(0, await CountAsync(db => db.Sessions));
    }

    [Fact]
    public async Task A_session_that_no_application_used_goes_when_it_is_over_and_consents_stay()
    {
        var partner = RelyingParty.Partner(_server);
        using var browser = await _server.SignedInAsync();
        var consent = await browser.FollowAsync(await browser.GetAsync(partner.AuthorizeUrl()));
        await browser.PressAsync(consent, "Allow");
        _server.Clock.Advance(TimeSpan.FromDays(13));
        using var another = await _server.SignedInAsync();
        _server.Clock.Advance(TimeSpan.FromDays(2));

        await PruneAsync();

        Assert.Equal(1, await CountAsync(db => db.Sessions));
        Assert.Equal(1, await CountAsync(db => db.Authorizations.Where(row => row.Type == "permanent")));
        Assert.Equal(0, await CountAsync(db => db.Authorizations.Where(row => row.Type != "permanent")));
    }

    [Fact]
    public async Task More_than_a_batch_goes_in_one_pass()
    {
        var now = _server.Clock.GetUtcNow().UtcDateTime;
        await _server.WithDbAsync(db =>
        {
            db.Tokens.AddRange(
                Enumerable
                    .Range(0, 2 * Pruning.Batch + 1)
                    .Select(i => new Token
                    {
                        Status = "valid",
                        ExpirationDate = now.AddDays(-1).AddSeconds(i),
                    })
            );
            db.Tokens.Add(new Token { Status = "valid", ExpirationDate = now.AddDays(1) });
            return db.SaveChangesAsync();
        });

        await PruneAsync();

        Assert.Equal(1, await CountAsync(db => db.Tokens));
    }

    [Fact]
    public async Task Two_that_prune_at_once_do_not_disturb_each_other()
    {
        var now = _server.Clock.GetUtcNow().UtcDateTime;
        await _server.WithDbAsync(db =>
        {
            db.Tokens.AddRange(
                Enumerable
                    .Range(0, 3 * Pruning.Batch)
                    .Select(_ => new Token { Status = "valid", ExpirationDate = now.AddDays(-1) })
            );
            return db.SaveChangesAsync();
        });

        await Task.WhenAll(PruneAsync(), PruneAsync());

        Assert.Equal(0, await CountAsync(db => db.Tokens));
    }

    private Task PruneAsync() =>
        _server.Services.GetRequiredService<PruningTurn>().PassAsync(CancellationToken.None);

    private Task<int> CountAsync<T>(Func<AuthDb, IQueryable<T>> rows) =>
        _server.WithDbAsync(db => rows(db).CountAsync());
}
