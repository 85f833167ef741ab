using Microsoft.Data.Sqlite;

namespace Drills.Drills;

/// <summary>D-18: a backup is taken under load, the server goes on, everything is lost, and the backup is restored.</summary>
internal static class BackupAndRestore
{
    private const int Families = 40;

    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        await using (var stage = await Stage.BuildAsync())
        {
            var copy = Path.Combine(stage.Folder, "backup.db");
            yield return await RestoreAsync(
                stage,
                "SQLite, VACUUM INTO",
                seconds,
                async () =>
                {
                    await using var connection = new SqliteConnection(
                        $"Data Source={stage.SqliteFile};Pooling=false"
                    );
                    await connection.OpenAsync();
                    await using var command = connection.CreateCommand();
                    command.CommandText = "VACUUM INTO $copy";
                    command.Parameters.AddWithValue("$copy", copy);
                    await command.ExecuteNonQueryAsync();
                },
                () =>
                {
                    File.Delete(stage.SqliteFile + "-wal");
                    File.Delete(stage.SqliteFile + "-shm");
                    File.Move(copy, stage.SqliteFile, overwrite: true);
                    return Task.CompletedTask;
                }
            );
        }

        await using (var stage = await Stage.BuildAsync(database: await PostgreSql.StartAsync()))
        {
            var copy = Path.Combine(stage.Folder, "backup.dump");
            var where = Figures.Text(
                $"host=127.0.0.1 port={stage.Database!.Port} user=postgres dbname={PostgreSql.Database}"
            );
            yield return await RestoreAsync(
                stage,
                "PostgreSQL, pg_dump",
                seconds,
                () => Child.MustRunAsync(PostgreSql.Tool("pg_dump", "-Fc", "-f", copy, where), "/"),
                async () =>
                {
                    await stage.Database.ExecuteAsync(
                        $"DROP DATABASE {PostgreSql.Database} WITH (FORCE)",
                        "postgres"
                    );
                    await stage.Database.ExecuteAsync($"CREATE DATABASE {PostgreSql.Database}", "postgres");
                    await Child.MustRunAsync(
                        PostgreSql.Tool("pg_restore", "--exit-on-error", "-d", where, copy),
                        "/"
                    );
                }
            );
        }
    }

    private static async Task<Finding> RestoreAsync(
        Stage stage,
        string what,
        int seconds,
        Func<Task> backup,
        Func<Task> restore
    )
    {
        var storm = await stage.GatherAsync(Families);
        var still = await stage.People.NewFamiliesAsync(10);
        var ended = await stage.People.NewFamiliesAsync(10);
        var endedLater = await stage.People.NewFamiliesAsync(10);
        var half = TimeSpan.FromSeconds(Math.Max(2, seconds / 2));
        var taken = 0.0;
        await storm.WhileAsync(
            workers: 8,
            async () =>
            {
                await Task.Delay(half);
                await Task.WhenAll(ended.Select(storm.EndAsync));
                var began = stage.History.Now;
                await backup();
                taken = stage.History.Now - began;
                await Task.WhenAll(endedLater.Select(storm.EndAsync));
                await Task.Delay(half);
            }
        );
        var before = await Checker.JudgeAsync(storm);
        await stage.Instances[0].KillAsync();
        await restore();
        var ready = await stage.Instances[0].StartAsync();

        var stillGood = await GoodAsync(stage, still);
        var revived = await GoodAsync(stage, ended);
        var revivedLater = await GoodAsync(stage, endedLater);
        var goOn = await GoodAsync(stage, storm.Families.Where(family => !family.IsOver));
        return new Finding(
            what,
            $"families: {stillGood} of 10 untouched since are good, {revived} of 10 ended before are; beyond the promise: {revivedLater} of 10 ended after are, {goOn} of {Families} refreshed after are",
            $"backup {Figures.Milliseconds(taken)}, ready {Figures.Seconds(ready)}",
            [
                .. before.Broken,
                .. stillGood == 10 ? [] : (string[])["what was good at the backup and unused since is lost"],
                .. revived == 0 ? [] : (string[])["what had ended before the backup is good again (I3)"],
                .. await stage.AuditAsync(),
            ]
        );
    }

    private static async Task<int> GoodAsync(Stage stage, IEnumerable<Family> families)
    {
        var good = 0;
        foreach (var family in families)
        {
            var answer = await Persist.UntilAsync(() => stage.Web.RefreshAsync(family.Token));
            good += answer.IsOk ? 1 : 0;
        }

        return good;
    }
}
