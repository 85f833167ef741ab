using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AuthServer.Limits;

/// <summary>
/// The door to the counters. With Redis they are shared; while Redis is away, or when there is none, this process
/// counts for itself by the same numbers. So it never fails, never waits long and never lets everything through.
/// </summary>
internal sealed class Counters(
    LocalCounters local,
    RedisLink link,
    LimitsMeter meter,
    IOptions<RedisOptions> redis,
    TimeProvider clock
)
{
    /// <summary>At most one round trip to Redis, and at most <see cref="RedisOptions.Timeout"/> for it.</summary>
    public async ValueTask<Decision> TakeAsync(params IReadOnlyList<Charge> charges)
    {
        // Redis has a method of its own, so that its library is loaded by those who use it.
        if (link.Shared is { } shared && await TakeTogetherAsync(shared, charges) is { } decided)
        {
            return decided;
        }

        var decision = await local.TakeAsync(charges);
        meter.Count(charges, decision, isShared: false);
        return decision;
    }

    private async Task<Decision?> TakeTogetherAsync(RedisCounters shared, IReadOnlyList<Charge> charges)
    {
        try
        {
            var decided = await shared.TakeAsync(charges).AsTask().WaitAsync(redis.Value.Timeout, clock);
            link.Succeeded();
            meter.Count(charges, decided, isShared: true);
            return decided;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            link.Failed();
            return null;
        }
    }
}
