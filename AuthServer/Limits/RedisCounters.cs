using System.Globalization;
using StackExchange.Redis;

namespace AuthServer.Limits;

/// <summary>Counts in Redis, for all instances that share it. Knows no fallback: what fails there is thrown here.</summary>
internal sealed class RedisCounters(IDatabase redis) : ICounters
{
    // In braces, so that a cluster keeps all of them in one place, where one script can reach them.
    private const string Prefix = "{authserver:limits}:";

    /// <summary>One round trip.</summary>
    /// <exception cref="RedisException">Redis is away, refuses or fails.</exception>
    public async ValueTask<Decision> TakeAsync(IReadOnlyList<Charge> charges)
    {
        var keys = charges.Select(KeyOf).ToArray();
        RedisValue[] arguments =
        [
            Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture),
            .. charges.SelectMany(Arguments),
        ];
        var answer = (RedisResult[])(await redis.ScriptEvaluateAsync(RedisScripts.Take, keys, arguments))!;
        var full = (int)answer[0];
        return full > 0
            ? Decision.Refuse(charges[full - 1], TimeSpan.FromMilliseconds((long)answer[1]))
            : Decision.Allow(new Reservation(() => GiveBack(keys, answer[1..])));
    }

    private void GiveBack(RedisKey[] keys, RedisResult[] windows)
    {
        var taken = windows.Select(window => (RedisValue)window).ToArray();
        // Nobody waits for it. While Redis is away it is lost, and the window ends by itself.
        _ = redis.ScriptEvaluateAsync(RedisScripts.GiveBack, keys, taken, CommandFlags.FireAndForget);
    }

    private static RedisKey KeyOf(Charge charge) => $"{Prefix}{charge.Limit.Name}:{charge.Key}";

    private static IEnumerable<RedisValue> Arguments(Charge charge)
    {
        yield return charge.Limit.Permits;
        yield return (long)charge.Limit.Window.TotalMilliseconds;
        yield return charge.OnlyAsks ? 0 : 1;
    }
}
