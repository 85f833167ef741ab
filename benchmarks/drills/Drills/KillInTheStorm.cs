using System.Diagnostics;

namespace Drills.Drills;

/// <summary>D-01: kill -9 of an instance while clients refresh, again and again.</summary>
internal static class KillInTheStorm
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        await using (var stage = await Stage.BuildAsync())
        {
            yield return await KillAsync(stage, "SQLite, one instance", seconds);
        }

        await using (var stage = await Stage.BuildAsync(instances: 2, await PostgreSql.StartAsync()))
        {
            yield return await KillAsync(stage, "PostgreSQL, two instances", seconds);
        }
    }

    private static async Task<Finding> KillAsync(Stage stage, string where, int seconds)
    {
        var storm = await stage.GatherAsync(families: 60);
        var ready = new List<TimeSpan>();
        var began = Stopwatch.GetTimestamp();
        await storm.WhileAsync(
            workers: 16,
            async () =>
            {
                while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
                {
                    await Task.Delay(Between);
                    var victim = stage.Instances[ready.Count % stage.Instances.Count];
                    await victim.KillAsync();
                    ready.Add(await victim.StartAsync());
                }
            }
        );
        var entries = storm.Entries;
        var verdict = await Checker.JudgeAsync(storm);
        return new Finding(
            where,
            $"{ready.Count} kills; {Figures.Kinds(entries)}; {verdict.Late} too late",
            $"ready {Figures.Longest(ready)} at most, {Figures.LongestGap(entries)}, {Figures.P99(entries)}",
            [.. verdict.Broken, .. await stage.AuditAsync()]
        );
    }
}
