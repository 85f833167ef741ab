using System.Net;
using AuthServer.Limits;
using AuthServer.Tests.Accounts;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static AuthServer.Tests.Limits.Guesses;

namespace AuthServer.Tests.Limits;

public sealed class SharedLimitTests : IAsyncLifetime
{
    private const string Owner = "owner@example.org";
    private const string Degraded =
        "ready, degraded: limits are counted per instance, for Redis does not answer";

    private readonly RedisServer _redis = new();
    private readonly List<SharingServer> _servers = [];

    public async Task InitializeAsync()
    {
        if (RedisServer.ReasonToSkip is null)
        {
            await _redis.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        _servers.Reverse();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await _redis.DisposeAsync();
    }

    [RedisFact]
    [Trait("Requirement", "C-53")]
    public async Task Fifty_guesses_at_once_at_two_instances_are_five_comparisons()
    {
        var first = await StartAsync();
        var second = await StartAsync(first);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? first : second).GuessAsync(Owner))
        );

        Assert.Equal(5, first.Hasher.Compared + second.Hasher.Compared);
        Assert.Equal(45, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await second.GuessAsync(Owner, Right)).Status);
    }

    [RedisFact]
    public async Task What_is_right_at_one_instance_is_given_back_for_both()
    {
        var first = await StartAsync();
        var second = await StartAsync(first);
        await first.FailAsync(4, Owner);

        for (var i = 0; i < 6; i++)
        {
            var instance = i % 2 == 0 ? first : second;
            Assert.Equal(HttpStatusCode.Redirect, (await instance.GuessAsync(Owner, Right)).Status);
        }

        await second.FailAsync(1, Owner);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await first.GuessAsync(Owner, Right)).Status);
    }

    [RedisFact]
    public async Task Redis_learns_neither_addresses_nor_e_mails()
    {
        var server = await StartAsync();
        await server.FailAsync(1, Owner, "127.0.0.7");

        var keys = await _redis.KeysAsync();

        Assert.All(keys, key => Assert.StartsWith("{authserver:limits}:", key, StringComparison.Ordinal));
        Assert.True(keys.Count >= 4, string.Join('\n', keys));
        Assert.DoesNotContain(keys, key => key.Contains("owner", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(keys, key => key.Contains("127.", StringComparison.Ordinal));
    }

    [RedisFact]
    public async Task Redis_that_is_killed_is_done_without_until_it_is_back()
    {
        var server = await StartAsync();
        await server.FailAsync(5, Owner);
        await _redis.KillAsync();

        await server.FailAsync(5, "other@example.org");
        var refused = await server.GuessAsync("other@example.org", Right);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        await server.SaysAsync(Degraded);
        await _redis.StartAsync();
        await server.SaysAsync("ready");
        await server.FailAsync(5, "third@example.org");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.GuessAsync("third@example.org")).Status);
        Assert.NotEmpty(await _redis.KeysAsync());
        Assert.Equal(["ratelimit.degraded", "ratelimit.restored"], await ChangesAsync(server));
    }

    [RedisFact]
    public async Task Redis_that_is_frozen_holds_nobody_up()
    {
        var server = await StartAsync(timeout: TimeSpan.FromMilliseconds(50));
        await _redis.FreezeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => server.GuessAsync(Owner)));

        Assert.All(answers, answer => Assert.True((int)answer.Status < 500));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.GuessAsync(Owner, Right)).Status);
        Assert.InRange(server.Hasher.Compared, 1, 10);
        await server.SaysAsync(Degraded);
        await _redis.ThawAsync();
        await server.SaysAsync("ready");
    }

    [RedisFact]
    public async Task Redis_that_was_flushed_counts_from_the_beginning()
    {
        var server = await StartAsync();
        await server.FailAsync(5, Owner);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.GuessAsync(Owner)).Status);
        await _redis.FlushAsync();

        await server.FailAsync(5, Owner);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.GuessAsync(Owner)).Status);
    }

    [RedisFact]
    public async Task Redis_that_wants_another_password_is_done_without()
    {
        var server = await StartAsync();
        await _redis.KillAsync();
        await _redis.StartAsync(password: "another");

        await server.FailAsync(5, Owner);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.GuessAsync(Owner, Right)).Status);
        await server.SaysAsync(Degraded);
    }

    [RedisFact]
    public async Task A_server_that_finds_no_Redis_starts_and_limits()
    {
        await _redis.KillAsync();

        var server = await StartAsync();

        await server.SaysAsync(Degraded);
        await server.FailAsync(5, Owner);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.GuessAsync(Owner, Right)).Status);
        await _redis.StartAsync();
        await server.SaysAsync("ready");
    }

    [RedisFact]
    public async Task What_is_given_back_after_its_window_or_a_flush_revives_nothing()
    {
        var limit = new Limit("test", 2, TimeSpan.FromMinutes(1));
        await using var connection = await _redis.ConnectAsync(password: null);
        var counters = new RedisCounters(connection.GetDatabase());
        var stale = (await counters.TakeAsync([new(limit, "a")])).Taken!;
        await _redis.FlushAsync();

        stale.GiveBack();
        // On the same connection, so after it.
        var first = await counters.TakeAsync([new(limit, "a")]);
        var second = await counters.TakeAsync([new(limit, "a"), new(limit, "b")]);
        var third = await counters.TakeAsync([new(limit, "a"), new(limit, "b")]);

        Assert.True(first.IsAllowed);
        Assert.True(second.IsAllowed);
        Assert.False(third.IsAllowed);
        Assert.InRange(third.RetryAfter, TimeSpan.FromTicks(1), limit.Window);
        second.Taken.GiveBack();
        second.Taken.GiveBack();
        Assert.True((await counters.TakeAsync([new(limit, "a", OnlyAsks: true)])).IsAllowed);
        Assert.True((await counters.TakeAsync([new(limit, "a")])).IsAllowed);
        Assert.False((await counters.TakeAsync([new(limit, "a", OnlyAsks: true)])).IsAllowed);
    }

    private async Task<SharingServer> StartAsync(SharingServer? other = null, TimeSpan? timeout = null)
    {
        var server = new SharingServer(_redis, other, timeout);
        _servers.Add(server);
        await server.InitializeAsync();
        if (other is null)
        {
            await server.AddAccountAsync(Owner);
        }

        return server;
    }

    private static Task<List<string>> ChangesAsync(SharingServer server) =>
        server.WithDbAsync(db =>
            db.Audit.Where(row => row.Event.StartsWith("ratelimit."))
                .OrderBy(row => row.Id)
                .Select(row => row.Event)
                .ToListAsync()
        );
}
