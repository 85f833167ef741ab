using System.Collections.Concurrent;
using System.Diagnostics;

namespace Drills.Drills;

/// <summary>D-09: all that can happen to Redis, while people sign in and clients refresh.</summary>
internal static class RedisTrouble
{
    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        var redis = new Redis();
        await redis.StartAsync();
        await using var stage = await Stage.BuildAsync(instances: 2, await PostgreSql.StartAsync(), redis);
        var storm = await stage.GatherAsync(families: 30);
        var email = await stage.People.RegisterAsync();
        var pause = TimeSpan.FromSeconds(Math.Max(3, seconds / 6));
        (string What, Func<Task> Do, Func<Task> Undo)[] troubles =
        [
            ("killed", redis.KillAsync, () => redis.StartAsync()),
            ("frozen", redis.FreezeAsync, redis.ThawAsync),
            ("flushed", () => redis.SayAsync("FLUSHALL"), () => Task.CompletedTask),
            (
                "full",
                () => redis.SayAsync("CONFIG SET maxmemory 1"),
                () => redis.SayAsync("CONFIG SET maxmemory 0")
            ),
            (
                "back with another password",
                async () =>
                {
                    await redis.KillAsync();
                    await redis.StartAsync("another-password");
                },
                async () =>
                {
                    await redis.KillAsync();
                    await redis.StartAsync();
                }
            ),
        ];
        foreach (var (what, trouble, cure) in troubles)
        {
            var signIns = new ConcurrentBag<(string Kind, double Taken)>();
            var since = stage.History.Now;
            using var stop = new CancellationTokenSource();
            var people = SignInAsync(stage, email, signIns, stop.Token);
            await storm.WhileAsync(
                workers: 8,
                async () =>
                {
                    await trouble();
                    await Task.Delay(pause);
                    await cure();
                    await Task.Delay(TimeSpan.FromSeconds(3));
                }
            );
            await stop.CancelAsync();
            await people;

            var entries = stage.History.Entries.Where(entry => entry.Sent > since).ToList();
            var bad = entries
                .Where(entry => entry.Deed == "refresh" && !entry.IsOk)
                .Select(entry => entry.Kind);
            var failed = signIns.Where(signIn => signIn.Kind != "302").Select(signIn => signIn.Kind);
            yield return new Finding(
                $"Redis {what}, two instances",
                $"refreshes {Figures.Kinds(entries)}; sign-ins {Figures.Text($"{signIns.Count}")}",
                $"refresh {Figures.P99(entries)}, sign-in at most {Figures.Milliseconds(signIns.Max(signIn => signIn.Taken))}",
                [.. bad.Concat(failed).CountBy(kind => kind).Select(kind => $"{kind.Value}×{kind.Key}")]
            );
        }

        var verdict = await Checker.JudgeAsync(storm);
        yield return new Finding(
            "after all of it",
            $"{verdict.Late} too late",
            "–",
            [.. verdict.Broken, .. await stage.AuditAsync()]
        );
    }

    private static async Task SignInAsync(
        Stage stage,
        string email,
        ConcurrentBag<(string Kind, double Taken)> signIns,
        CancellationToken stop
    )
    {
        while (!stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            var browser = new Dictionary<string, string>(StringComparer.Ordinal);
            var answer = await stage.People.SignInAsync(email, browser);
            signIns.Add((answer.Kind, Stopwatch.GetElapsedTime(began).TotalMilliseconds));
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
