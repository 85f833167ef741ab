using System.Globalization;
using System.Net;
using AuthServer.Limits;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Limits;

public sealed class LocalCountersTests
{
    private static readonly Limit Five = new("five", 5, TimeSpan.FromMinutes(15));
    private static readonly Limit Two = new("two", 2, TimeSpan.FromMinutes(1));

    private readonly Clock _clock = new();

    [Fact]
    public async Task All_counters_are_charged_or_none()
    {
        var counters = new LocalCounters(_clock);
        await counters.TakeAsync([new(Two, "b")]);
        await counters.TakeAsync([new(Two, "b")]);

        var refused = await counters.TakeAsync([new(Five, "a"), new(Two, "b")]);

        Assert.Equal("two", refused.Exceeded!.Value.Limit.Name);
        Assert.InRange(refused.RetryAfter, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        Assert.Equal(5, await TakenAsync(counters, Five, "a", attempts: 10));
    }

    [Fact]
    public async Task Who_only_asks_takes_nothing()
    {
        var counters = new LocalCounters(_clock);
        for (var i = 0; i < 10; i++)
        {
            Assert.True((await counters.TakeAsync([new(Two, "a", OnlyAsks: true)])).IsAllowed);
        }

        Assert.Equal(2, await TakenAsync(counters, Two, "a", attempts: 3));
        Assert.False((await counters.TakeAsync([new(Two, "a", OnlyAsks: true)])).IsAllowed);
    }

    [Fact]
    public async Task What_is_given_back_twice_or_too_late_counts_for_nobody()
    {
        var counters = new LocalCounters(_clock);
        var early = (await counters.TakeAsync([new(Two, "a")])).Taken!;
        var late = (await counters.TakeAsync([new(Two, "a")])).Taken!;
        early.GiveBack();
        early.GiveBack();
        Assert.Equal(1, await TakenAsync(counters, Two, "a", attempts: 3));

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, await TakenAsync(counters, Two, "a", attempts: 2));
        late.GiveBack();

        Assert.Equal(0, await TakenAsync(counters, Two, "a", attempts: 3));
    }

    [Fact]
    public async Task A_flood_of_keys_neither_grows_without_end_nor_opens_anything()
    {
        var counters = new LocalCounters(_clock, capacity: 1_000);
        await TakenAsync(counters, Five, "victim", attempts: 5);
        var taken = 0;
        for (var i = 0; i < 50_000; i++)
        {
            taken += await TakenAsync(counters, Five, $"flood{i}", attempts: 1);
        }

        Assert.InRange(counters.Count, 1_000, 1_000 + 1_024);
        Assert.InRange(taken, 1_000, 1_000 + (5 * 1_024));
        Assert.Equal(0, await TakenAsync(counters, Five, "victim", attempts: 1));
        _clock.Advance(TimeSpan.FromMinutes(15));
        for (var i = 0; i < 1_000; i++)
        {
            await counters.TakeAsync([new(Two, i.ToString(CultureInfo.InvariantCulture))]);
        }

        Assert.InRange(counters.Count, 1, 1_000);
    }

    [Fact]
    public async Task Who_takes_at_once_takes_no_more_than_there_is()
    {
        var counters = new LocalCounters(_clock);

        var taken = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(_ => Task.Run(() => TakenAsync(counters, Five, "a", attempts: 100)))
        );

        Assert.Equal(5, taken.Sum());
    }

    [Theory]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("fe80::1%1", "fe80::2%2", true)]
    public void An_address_stands_for_one_subscriber(string one, string other, bool isSame)
    {
        var first = CounterKeys.Subscriber(IPAddress.Parse(one));

        Assert.Equal(isSame, first == CounterKeys.Subscriber(IPAddress.Parse(other)));
    }

    private static async Task<int> TakenAsync(LocalCounters counters, Limit limit, string key, int attempts)
    {
        var taken = 0;
        for (var i = 0; i < attempts; i++)
        {
            taken += (await counters.TakeAsync([new(limit, key)])).IsAllowed ? 1 : 0;
        }

        return taken;
    }
}
