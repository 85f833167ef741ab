using System.Diagnostics;

namespace Drills.Drills;

/// <summary>D-19: several migrate an empty database at once; and one is killed at moments swept over its work.</summary>
internal static class Migrators
{
    private const int AtOnce = 4;

    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        yield return await RaceAsync("SQLite", database: null);
        yield return await RaceAsync("PostgreSQL", await PostgreSql.StartAsync());
        yield return await KillAsync("SQLite", database: null, seconds);
        yield return await KillAsync("PostgreSQL", await PostgreSql.StartAsync(), seconds);
    }

    private static async Task<Finding> RaceAsync(string where, PostgreSql? database)
    {
        await using var stage = await Stage.BuildAsync(database: database, start: false);
        var ends = await Task.WhenAll(
            Enumerable.Range(0, AtOnce).Select(_ => stage.Instances[0].RunAsync("migrate"))
        );
        var ready = await stage.Instances[0].StartAsync();
        return new Finding(
            $"{where}, {AtOnce} migrators at once",
            $"exit {string.Join(' ', ends.Select(end => end.Code))}",
            $"then ready {Figures.Seconds(ready)}",
            [.. ends.Where(end => end.Code != 0).Select(end => end.Words.Trim()), .. await stage.AuditAsync()]
        );
    }

    private static async Task<Finding> KillAsync(string where, PostgreSql? database, int seconds)
    {
        await using var stage = await Stage.BuildAsync(database: database, start: false);
        var whole = Stopwatch.GetTimestamp();
        await stage.Instances[0].RunAsync("migrate");
        var length = Stopwatch.GetElapsedTime(whole);
        var (kills, done) = (0, 0);
        var broken = new List<string>();
        var ready = new List<TimeSpan>();
        for (
            var began = Stopwatch.GetTimestamp();
            kills < 4 || (kills < 20 && Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);
            kills++
        )
        {
            await EmptyAsync(stage);
            await using var migrator = stage.Instances[0].Launch("migrate");
            // The first third only starts the runtime; the second half of the sweep lies between the steps of the first.
            await Task.Delay(length * (0.35 + 0.65 * (kills * 7 % 20) / 20));
            done += migrator.HasExited ? 1 : 0;
            await migrator.KillAsync();
            try
            {
                ready.Add(await stage.Instances[0].StartAsync());
                broken.AddRange(await stage.AuditAsync());
                await stage.Instances[0].KillAsync();
            }
            catch (InvalidOperationException exception)
            {
                broken.Add(exception.Message);
            }
        }

        return new Finding(
            $"{where}, a migrator killed at swept moments, then a start",
            $"{kills} kills, {done} of them too late",
            $"ready {Figures.Longest(ready)} at most",
            broken
        );
    }

    private static async Task EmptyAsync(Stage stage)
    {
        if (stage.Database is null)
        {
            foreach (var file in Directory.EnumerateFiles(stage.Folder, "authserver.db*"))
            {
                File.Delete(file);
            }

            return;
        }

        await stage.Database.ExecuteAsync(
            $"DROP DATABASE IF EXISTS {PostgreSql.Database} WITH (FORCE)",
            "postgres"
        );
        await stage.Database.ExecuteAsync($"CREATE DATABASE {PostgreSql.Database}", "postgres");
    }
}
