using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Tests.Keys;

/// <summary>Two instances of one database that look at it at their own times while the keys turn.</summary>
public sealed class RotationTests : IAsyncLifetime
{
    private const int Rotations = 8;

    private static readonly TimeSpan Period = TimeSpan.FromDays(3);
    private static readonly TimeSpan Step = TimeSpan.FromHours(4);

    private readonly KeyServer _first = new(period: Period);
    private readonly KeyServer _second;

    public RotationTests() => _second = new KeyServer(_first, Period);

    public async Task InitializeAsync()
    {
        await _first.InitializeAsync();
        await _second.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    [Fact]
    [Trait("Requirement", "C-40")]
    [Trait("Requirement", "D-15")]
    public async Task No_instance_ever_signs_with_a_key_that_the_other_has_not_published()
    {
        var signed = new HashSet<string>(StringComparer.Ordinal);
        KeyServer[] servers = [_first, _second];
        int[] steps = [0, 0];
        for (var at = 0; at * Step < Period * (Rotations + 1); at++)
        {
            Array.ForEach(servers, server => server.Clock.Advance(Step));
            for (var i = 0; i < servers.Length; i++)
            {
                // At its own times, but at least once in the day for which a key is published only.
                if (at >= steps[i])
                {
                    await servers[i].FollowAsync();
                    steps[i] = at + 1 + ((at * 7) + i * 3) % 5;
                }
            }

            foreach (var (one, other) in ((KeyServer, KeyServer)[])[(_first, _second), (_second, _first)])
            {
                var key = one.Engine.SigningCredentials[0].Kid;
                signed.Add(key);
                var set = new JsonWebKeySet(await other.Http.GetStringAsync(".well-known/jwks"));
                Assert.Contains(key, set.Keys.Select(published => published.Kid));
            }
        }

        Assert.InRange(signed.Count, Rotations, Rotations + 2);
    }
}
