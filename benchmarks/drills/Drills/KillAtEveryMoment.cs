using System.Diagnostics;

namespace Drills.Drills;

/// <summary>
/// D-02: kill -9 at moments swept over a rotation and a revocation, from before it begins to after its answer. The server
/// that ships has no hooks to crash at; so the moments are met by their number, and where each fell is asked afterwards.
/// </summary>
internal static class KillAtEveryMoment
{
    private const int Refreshes = 6;
    private const int Revocations = 2;
    private const int MostKills = 30;

    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        await using (var stage = await Stage.BuildAsync())
        {
            yield return await SweepAsync(stage, "SQLite", seconds);
        }

        await using (var stage = await Stage.BuildAsync(database: await PostgreSql.StartAsync()))
        {
            yield return await SweepAsync(stage, "PostgreSQL", seconds);
        }
    }

    private static async Task<Finding> SweepAsync(Stage stage, string where, int seconds)
    {
        var storm = await stage.GatherAsync(families: Refreshes + Revocations * MostKills);
        var refreshing = storm.Families.Take(Refreshes).ToList();
        var (kills, revoked, before, unsaid, said) = (0, 0, 0, 0, 0);
        var ready = new List<TimeSpan>();
        for (
            var began = Stopwatch.GetTimestamp();
            kills < MostKills && (kills < 3 || Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);
            kills++
        )
        {
            // Warm, and then as long as one takes now, with as many as will be under way.
            var length = await TimeAsync(storm, refreshing);
            var parents = refreshing.Select(family => family.Token).ToList();
            var ending = storm.Families.Skip(Refreshes + kills * Revocations).Take(Revocations).ToList();
            var deeds = new List<Task>();
            deeds.AddRange(refreshing.Select((family, i) => LaterAsync(i, () => storm.TryAsync(family))));
            deeds.AddRange(
                ending.Select((family, i) => LaterAsync(i * 3, () => RevokeOnceAsync(storm, family)))
            );
            await Task.Delay(length * (kills % 10 + 1) / 10);
            await stage.Instances[0].KillAsync();
            await Task.WhenAll(deeds);
            ready.Add(await stage.Instances[0].StartAsync());

            foreach (var (family, parent) in refreshing.Zip(parents))
            {
                if (family.Token != parent)
                {
                    said++;
                }
                else if (await storm.Web.IsActiveAsync(parent))
                {
                    before++;
                }
                else
                {
                    unsaid++;
                }
            }

            await Task.WhenAll(
                refreshing.Select(family => storm.RefreshAsync(family, CancellationToken.None))
            );
            await Task.WhenAll(ending.Select(storm.EndAsync));
            revoked += ending.Count;
        }

        // Those that no kill was for are of no interest.
        var used = new Storm(
            storm.Web,
            storm.History,
            storm.Validator,
            [.. storm.Families.Take(Refreshes + kills * Revocations)]
        );
        var verdict = await Checker.JudgeAsync(used);
        return new Finding(
            where,
            $"{kills} kills, {kills * Refreshes} rotations and {revoked} revocations under way: {before} not stored, {unsaid} stored and not told, {said} told; {verdict.Late} too late",
            $"ready {Figures.Longest(ready)} at most",
            [.. verdict.Broken, .. await stage.AuditAsync()]
        );
    }

    private static async Task<TimeSpan> TimeAsync(Storm storm, IReadOnlyList<Family> families)
    {
        var began = 0L;
        for (var i = 0; i < 3; i++)
        {
            began = Stopwatch.GetTimestamp();
            await Task.WhenAll(families.Select(family => storm.RefreshAsync(family, CancellationToken.None)));
        }

        return Stopwatch.GetElapsedTime(began) + TimeSpan.FromMilliseconds(5);
    }

    private static async Task LaterAsync(int milliseconds, Func<Task> work)
    {
        await Task.Delay(milliseconds);
        await work();
    }

    // Whether it is answered or not; it is asked again later.
    private static Task<Answer> RevokeOnceAsync(Storm storm, Family family)
    {
        var token = family.Token;
        return storm.History.RecordAsync(family, "revoke", token, () => storm.Web.RevokeAsync(token));
    }
}
