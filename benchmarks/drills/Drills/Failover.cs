namespace Drills.Drills;

/// <summary>D-06: the primary dies, and its synchronous standby takes its place. The instances know both.</summary>
internal static class Failover
{
    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        var primary = await PostgreSql.StartAsync();
        await using var standby = await primary.FollowAsync();
        await primary.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        await primary.ExecuteAsync("SELECT pg_reload_conf()");
        var hosts = Figures.Text($"127.0.0.1:{primary.Port},127.0.0.1:{standby.Port}");
        await using var stage = await Stage.BuildAsync(
            instances: 2,
            primary,
            settings: (
                "Data__ConnectionString",
                $"Host={hosts};Target Session Attributes=primary;Host Recheck Seconds=1;Username=postgres;Database={PostgreSql.Database}"
            )
        );
        var storm = await stage.GatherAsync(families: 40);
        var (died, back) = (0.0, 0.0);
        await storm.WhileAsync(
            workers: 12,
            async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(5, seconds)));
                died = stage.History.Now;
                await primary.StopAsync("QUIT");
                await standby.PromoteAsync();
                await standby.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = ''");
                await standby.ExecuteAsync("SELECT pg_reload_conf()");
                await Persist.UntilAsync("a good answer", () => Task.FromResult(storm.FirstGood(died) > 0));
                back = storm.FirstGood(died);
                await Task.Delay(TimeSpan.FromSeconds(5));
            }
        );
        var entries = storm.Entries;
        var verdict = await Checker.JudgeAsync(storm);
        yield return new Finding(
            "primary crashed, synchronous standby promoted, two instances",
            $"{Figures.Kinds(entries)}; {verdict.Late} too late",
            $"back after {Figures.Milliseconds(back - died)}, {Figures.SlowestError(entries)}",
            [.. verdict.Broken, .. await stage.AuditAsync()]
        );
    }
}
