namespace Drills.Drills;

/// <summary>D-03: one answer of twenty is lost on its way back, after the server has stored what it gives.</summary>
internal static class LostAnswers
{
    private const int Percent = 5;

    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        await using (var stage = await Stage.BuildAsync())
        {
            yield return await LoseAsync(stage, "SQLite, one instance", seconds);
        }

        await using (var stage = await Stage.BuildAsync(instances: 2, await PostgreSql.StartAsync()))
        {
            yield return await LoseAsync(stage, "PostgreSQL, two instances", seconds);
        }
    }

    private static async Task<Finding> LoseAsync(Stage stage, string where, int seconds)
    {
        var storm = await stage.GatherAsync(families: 60);
        var lost = 0;
        stage.Balancer.Loses = request =>
        {
            var isLost =
                request.RequestUri!.AbsolutePath == "/connect/token" && Random.Shared.Next(100) < Percent;
            Interlocked.Add(ref lost, isLost ? 1 : 0);
            return isLost;
        };
        await storm.WhileAsync(workers: 16, () => Task.Delay(TimeSpan.FromSeconds(seconds)));
        stage.Balancer.Loses = _ => false;
        var entries = storm.Entries;
        var verdict = await Checker.JudgeAsync(storm);
        return new Finding(
            where,
            $"{lost} answers lost; {Figures.Kinds(entries)}; {verdict.Late} too late",
            $"{Figures.P99(entries)}",
            [.. verdict.Broken, .. await stage.AuditAsync()]
        );
    }
}
