using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Drills.Drills;

/// <summary>D-17: a key is damaged, missing or another one. The start is refused with a sentence, and nothing is made anew.</summary>
internal static class BrokenKeys
{
    private const string Keys =
        "SELECT coalesce(group_concat(Id), '') FROM (SELECT Id FROM SigningKeys ORDER BY Id)";

    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        await using var stage = await Stage.BuildAsync();
        await stage.GatherAsync(families: 1);
        await stage.Instances[0].TerminateAsync();
        SqliteConnection.ClearAllPools();
        var key = Path.Combine(stage.Folder, "master.key");
        foreach (var (what, harm) in Harms(stage, key))
        {
            var copy = Directory.CreateTempSubdirectory("drill-kept-").FullName;
            foreach (var file in Directory.EnumerateFiles(stage.Folder))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            await harm();
            var before = await AskAsync(stage, Keys);
            await using var refused = stage.Instances[0].Launch();
            var code = await refused.ExitAsync(TimeSpan.FromSeconds(60));
            var said = refused.Error.Trim();
            List<string> broken =
            [
                .. code == 1 ? [] : (string[])[$"exit {code}"],
                .. said.Length > 0 && !said.Contains('\n', StringComparison.Ordinal)
                    ? []
                    : (string[])[$"said '{said}'"],
                .. before == await AskAsync(stage, Keys) ? [] : (string[])["it made keys"],
                .. what == "master key missing" && File.Exists(key) ? (string[])["it made a master key"] : [],
            ];
            yield return new Finding(
                what,
                $"exit {code.ToString(CultureInfo.InvariantCulture)}",
                said,
                broken
            );

            foreach (var file in Directory.EnumerateFiles(stage.Folder))
            {
                File.Delete(file);
            }

            foreach (var file in Directory.EnumerateFiles(copy))
            {
                File.Move(file, Path.Combine(stage.Folder, Path.GetFileName(file)));
            }

            Directory.Delete(copy);
        }

        var again = await stage.Instances[0].StartAsync();
        yield return new Finding(
            "all as it was",
            "starts",
            $"ready {Figures.Seconds(again)}",
            await stage.AuditAsync()
        );
    }

    private static IEnumerable<(string What, Func<Task> Harm)> Harms(Stage stage, string key)
    {
        yield return ("master key missing", () => Task.Run(() => File.Delete(key)));
        yield return ("master key cut short", () => File.WriteAllTextAsync(key, "c2hvcnQ="));
        yield return (
            "another master key",
            () =>
                File.WriteAllTextAsync(
                    key,
                    Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)])
                )
        );
        foreach (var algorithm in (string[])["ES256", "RS256", "A256KW"])
        {
            yield return (
                $"one byte of the {algorithm} key changed",
                () =>
                    AskAsync(
                        stage,
                        $"UPDATE SigningKeys SET Protected = substr(Protected, 1, 20) || x'00' || substr(Protected, 22) WHERE Algorithm = '{algorithm}'; SELECT ''"
                    )
            );
        }

        yield return (
            "the ES256 key cut in half",
            () =>
                AskAsync(
                    stage,
                    "UPDATE SigningKeys SET Protected = substr(Protected, 1, length(Protected) / 2) WHERE Algorithm = 'ES256'; SELECT ''"
                )
        );
        yield return (
            "all signing keys gone while their tokens live",
            () => AskAsync(stage, "DELETE FROM SigningKeys; SELECT ''")
        );
    }

    private static async Task<string> AskAsync(Stage stage, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={stage.SqliteFile};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
