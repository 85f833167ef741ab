using AuthServer.Tests.Support;

namespace AuthServer.Tests.Limits;

/// <summary>An instance that counts in Redis, with a database of its own or that of another instance.</summary>
public sealed class SharingServer(RedisServer redis, SharingServer? other = null, TimeSpan? timeout = null)
    : GuessServer
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            .. base.Settings,
            new("RateLimits:Global:PermitLimit", "1000000"),
            new("Redis:ConnectionString", redis.ConnectionString),
            // A busy machine answers late; what a test is about must not depend on it.
            new("Redis:Timeout", (timeout ?? TimeSpan.FromSeconds(1)).ToString()),
        ];

    protected override Server? Twin => other;

    /// <summary>Waits until readiness says <paramref name="words"/>.</summary>
    public async Task SaysAsync(string words)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await Http.GetStringAsync("health/ready", patience.Token) != words)
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
