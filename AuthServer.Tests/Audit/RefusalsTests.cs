using System.Net;
using AuthServer.Audit;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Audit;

/// <summary>What anybody can cause without end costs a row or two a minute.</summary>
public class RefusalsTests(AuditedServer server) : IClassFixture<AuditedServer>
{
    private readonly Clock _clock = new();

    [Fact]
    public async Task A_client_that_fails_a_hundred_times_is_told_at_once_and_then_counted()
    {
        var intruder = RelyingParty.Report(server) with { Secret = "guess" };

        var atOnce = await server.RowsOfAsync(() => intruder.ClientCredentialsAsync());
        var meanwhile = await server.RowsOfAsync(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await intruder.ClientCredentialsAsync()).Status);
            }
        });
        var after = await server.RowsOfAsync(() =>
        {
            server.Clock.Advance(TimeSpan.FromSeconds(61));
            return Task.CompletedTask;
        });

        var first = Assert.Single(atOnce);
        Assert.Equal(("client.auth_failed", "nightly-report", 1), (first.Event, first.ClientId, first.Count));
        Assert.Empty(meanwhile);
        Assert.Equal(100, Assert.Single(after).Count);
    }

    [Fact]
    public void An_attacker_of_many_shapes_is_told_as_one()
    {
        var refusals = new Refusals(_clock, new News());

        for (var i = 0; i < 10_000; i++)
        {
            refusals.Add(
                new Happening(AuditEvent.ClientAuthFailed, Succeeded: false, _clock.GetUtcNow())
                {
                    Address = $"2001:db8::{i:x}",
                }
            );
        }

        var atOnce = refusals.Take();
        _clock.Advance(TimeSpan.FromSeconds(61));
        var after = refusals.Take();
        Assert.InRange(atOnce.Count, 60, 61);
        Assert.Equal(10_000, atOnce.Concat(after).Sum(happening => happening.Count));
        Assert.True(after.Count <= 1);
    }

    [Fact]
    public void When_nothing_more_comes_nothing_is_kept()
    {
        var refusals = new Refusals(_clock, new News());
        refusals.Add(new Happening(AuditEvent.InputRejected, Succeeded: false, _clock.GetUtcNow()));
        Assert.Single(refusals.Take());

        _clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Empty(refusals.Take());
        Assert.True(refusals.IsEmpty);
    }
}
