using System.Diagnostics;

namespace Drills.Drills;

/// <summary>D-08: two hundred clients at once for ten connections to the database.</summary>
internal static class SmallPool
{
    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        var database = await PostgreSql.StartAsync();
        await using var stage = await Stage.BuildAsync(
            database: database,
            settings: ("Data__ConnectionString", $"{database.ConnectionString};Maximum Pool Size=10")
        );
        var storm = await stage.GatherAsync(families: 200);
        var keys = new List<double>();
        var refused = 0;
        await storm.WhileAsync(
            workers: 200,
            async () =>
            {
                for (var began = stage.History.Now; stage.History.Now - began < seconds * 1000; )
                {
                    var asked = Stopwatch.GetTimestamp();
                    var answer = await stage.Web.GetAsync(".well-known/jwks");
                    keys.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                    refused += answer.IsOk ? 0 : 1;
                    await Task.Delay(50);
                }
            }
        );
        var entries = storm.Entries;
        var verdict = await Checker.JudgeAsync(storm);
        List<string> broken = [.. verdict.Broken, .. await stage.AuditAsync()];
        if (refused > 0)
        {
            broken.Add($"{refused} of {keys.Count} fetches of the keys failed");
        }

        yield return new Finding(
            "pool of 10, 200 workers",
            $"{Figures.Kinds(entries)}; {keys.Count} fetches of the keys, {refused} refused; {verdict.Late} too late",
            $"refresh {Figures.P99(entries)}, {Figures.SlowestError(entries)}, keys p99 {Figures.Milliseconds(Figures.Percentile(keys, 0.99))}",
            broken
        );
    }
}
