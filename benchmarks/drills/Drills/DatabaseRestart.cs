namespace Drills.Drills;

/// <summary>D-05: PostgreSQL is restarted under load, in good order and by a crash.</summary>
internal static class DatabaseRestart
{
    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        await using var stage = await Stage.BuildAsync(instances: 2, await PostgreSql.StartAsync());
        yield return await RestartAsync(stage, "INT", "restart -m fast, two instances", away: 1, seconds);
        yield return await RestartAsync(
            stage,
            "QUIT",
            "restart -m immediate, two instances",
            away: 1,
            seconds
        );
        // Longer than the grace: whoever was in doubt when it fell cannot ask again in time.
        yield return await RestartAsync(stage, "QUIT", "stop -m immediate, away for 15 s", away: 15, seconds);
    }

    private static async Task<Finding> RestartAsync(
        Stage stage,
        string signal,
        string what,
        int away,
        int seconds
    )
    {
        var storm = await stage.GatherAsync(families: 40);
        var (accepts, restarts) = (0.0, 0);
        var recoveries = new List<double>();
        await storm.WhileAsync(
            workers: 12,
            async () =>
            {
                for (var began = stage.History.Now; stage.History.Now - began < seconds * 1000; restarts++)
                {
                    await Task.Delay(TimeSpan.FromSeconds(3));
                    await stage.Database!.StopAsync(signal);
                    await Task.Delay(TimeSpan.FromSeconds(away));
                    await stage.Database.ResumeAsync();
                    accepts = stage.History.Now;
                    await Persist.UntilAsync(
                        "a good answer",
                        () => Task.FromResult(storm.FirstGood(accepts) > 0)
                    );
                    recoveries.Add(storm.FirstGood(accepts) - accepts);
                }
            }
        );
        var entries = storm.Entries;
        var verdict = await Checker.JudgeAsync(storm);
        return new Finding(
            what,
            $"{restarts} restarts; {Figures.Kinds(entries)}; {verdict.Late} too late",
            $"back {Figures.Milliseconds(recoveries.Max())} after it accepts, {Figures.SlowestError(entries)}, {Figures.LongestGap(entries)}",
            [.. verdict.Broken, .. await stage.AuditAsync()]
        );
    }
}
