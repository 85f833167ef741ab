using System.Diagnostics;

namespace Drills.Drills;

/// <summary>D-15: instances are replaced one after the other while the keys turn, and APIs keep the keys for a while.</summary>
internal static class RollingRotation
{
    private static readonly TimeSpan Keeps = TimeSpan.FromSeconds(3);

    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        await using var stage = await Stage.BuildAsync(
            instances: 2,
            await PostgreSql.StartAsync(),
            settings: [("Keys__PublishAhead", "00:00:06"), ("Drain__Delay", "00:00:02")]
        );
        var storm = await stage.GatherAsync(families: 30, Keeps);
        var (rotations, restarts) = (0, 0);
        var broken = new List<string>();
        await storm.WhileAsync(
            workers: 6,
            async () =>
            {
                for (
                    var began = Stopwatch.GetTimestamp();
                    restarts < 2 || Stopwatch.GetElapsedTime(began).TotalSeconds < seconds;
                    restarts++
                )
                {
                    var (code, words) = await stage.Instances[(restarts + 1) % 2].RunAsync("keys", "rotate");
                    rotations += words.Contains("is published now", StringComparison.Ordinal) ? 1 : 0;
                    if (code != 0)
                    {
                        broken.Add($"keys rotate ended with {code}: {words.Trim()}");
                    }

                    var leaving = stage.Instances[restarts % 2];
                    var exit = await leaving.TerminateAsync();
                    if (exit != 0)
                    {
                        broken.Add($"an instance that was told to stop ended with {exit}");
                    }

                    await leaving.StartAsync();
                }
            }
        );
        var entries = storm.Entries;
        var verdict = await Checker.JudgeAsync(storm);
        var failed = entries.Where(entry => entry.Deed == "refresh" && !entry.IsOk).ToList();
        if (failed.Count > 0)
        {
            broken.Add($"not good: {Figures.Kinds(failed)}");
        }

        yield return new Finding(
            "two instances replaced in turn, APIs keep the keys 3 s of the 6 s for which one is published ahead",
            $"{restarts} restarts, {rotations} rotations; {Figures.Kinds(entries)}; {storm.Validator.Checked} tokens checked, {storm.Validator.Failed} failed",
            $"{Figures.LongestGap(entries)}, {Figures.P99(entries)}",
            [.. broken, .. verdict.Broken, .. await stage.AuditAsync()]
        );
    }
}
