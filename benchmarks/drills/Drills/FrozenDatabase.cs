using Npgsql;

namespace Drills.Drills;

/// <summary>D-07: PostgreSQL does not die, but hangs; and a table that somebody has locked.</summary>
internal static class FrozenDatabase
{
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(20);

    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        await using var stage = await Stage.BuildAsync(instances: 2, await PostgreSql.StartAsync());
        yield return await HoldAsync(
            stage,
            "SIGSTOP of PostgreSQL for 20 s, two instances",
            async () =>
            {
                await stage.Database!.FreezeAsync();
                await Task.Delay(Frozen);
                await stage.Database.ThawAsync();
            },
            seconds
        );
        yield return await HoldAsync(
            stage,
            "the table of tokens locked for 20 s",
            async () =>
            {
                await using var other = await stage.Database!.OpenAsync();
                await using var transaction = await other.BeginTransactionAsync();
                await using var command = new NpgsqlCommand(
                    "LOCK TABLE \"OpenIddictTokens\" IN ACCESS EXCLUSIVE MODE",
                    other,
                    transaction
                );
                await command.ExecuteNonQueryAsync();
                await Task.Delay(Frozen);
                await transaction.RollbackAsync();
            },
            seconds
        );
    }

    private static async Task<Finding> HoldAsync(Stage stage, string what, Func<Task> hold, int seconds)
    {
        var storm = await stage.GatherAsync(families: 40);
        var (held, released) = (0.0, 0.0);
        await storm.WhileAsync(
            workers: 12,
            async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(5, seconds)));
                held = stage.History.Now;
                await hold();
                released = stage.History.Now;
                await Task.Delay(TimeSpan.FromSeconds(5));
            }
        );
        var entries = storm.Entries;
        var during = entries
            .Where(entry => entry.Sent > held && entry.Sent < released && !entry.IsOk)
            .ToList();
        var back = entries
            .Where(entry => entry.IsOk && entry.Answered > released)
            .Min(entry => entry.Answered);
        var verdict = await Checker.JudgeAsync(storm);
        return new Finding(
            what,
            $"{Figures.Kinds(during)} meanwhile; {storm.Families.Count} families, {verdict.Late} too late",
            $"{Figures.SlowestError(during)}, median {Figures.Milliseconds(Figures.Percentile([.. during.Select(entry => entry.Taken)], 0.5))}, back {Figures.Milliseconds(back - released)} after it went on",
            [.. verdict.Broken, .. await stage.AuditAsync()]
        );
    }
}
