using System.Diagnostics;
using System.Globalization;
using Load.Peers;

namespace Load.Growth;

/// <summary>Refreshes on a database that has grown, beside the same on an empty one, by turns.</summary>
internal static class GrowthVerb
{
    private const int Rounds = 5;
    private const int Seconds = 4;
    private const int WarmUp = 8;
    private const int Connections = 8;

    public static async Task<int> RunAsync(string[] words)
    {
        var people = words.Length > 0 ? int.Parse(words[0], CultureInfo.InvariantCulture) : 1_000_000;
        var tokens = words.Length > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : 10_000_000;
        if (people is < 1 or > 2_000_000 || tokens < people || tokens > 20_000_000)
        {
            await Console.Error.WriteLineAsync("growth [people, up to 2000000] [tokens, up to 20000000]");
            return 2;
        }

        using var programs = new Programs();
        var program = await programs.AuthServerAsync();
        await using var empty = new Contender(AuthServerEntry.Of("empty", program), Path.GetTempPath());
        await using var grown = new Contender(AuthServerEntry.Of("grown", program), Path.GetTempPath());
        await StartAsync(empty);
        await StartAsync(grown);
        await GrowAsync(grown, people, tokens);

        var measured = new List<Measurement>();
        var refresh = new Scenario("refresh", [], contender => Loads.RefreshAsync(contender, Connections));
        for (var round = -1; round < Rounds; round++)
        {
            foreach (var contender in (Contender[])[empty, grown])
            {
                var taken = await Measurement.TakeAsync(refresh, contender, round < 0 ? WarmUp : Seconds);
                if (round >= 0)
                {
                    measured.Add(taken);
                }
            }
        }

        Print(measured);
        return 0;
    }

    private static async Task StartAsync(Contender contender)
    {
        await contender.StartAsync();
        await contender.SignInAsync();
    }

    // The server has written one of each kind of row, to be copied.
    private static async Task GrowAsync(Contender grown, int people, int tokens)
    {
        await Loads.RefreshAsync(grown, 1);
        await grown.StopAsync();
        var began = Stopwatch.GetTimestamp();
        var file = Path.Combine(grown.Folder, "authserver.db");
        using (var rows = new Rows(file))
        {
            rows.Add(people, tokens);
        }

        await Console.Error.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{people} people and {tokens} tokens: {new FileInfo(file).Length >> 20} MiB, made in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s"
            )
        );
        await grown.StartAsync();
    }

    private static void Print(List<Measurement> measured)
    {
        Console.WriteLine("| database | ops/s | CPU µs/op | p50 ms | p99 ms |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var rounds in measured.GroupBy(one => one.Contender))
        {
            var perSecond = new Series([.. rounds.Select(one => one.PerSecond)]);
            var cpu = new Series([.. rounds.Select(one => one.CpuMicroseconds)]);
            var p50 = new Series([.. rounds.Select(one => one.P50)]);
            var p99 = new Series([.. rounds.Select(one => one.P99)]);
            Console.WriteLine(
                $"| {rounds.Key} | {perSecond.Spread} | {cpu.Spread} | {p50.Spread} | {p99.Spread} |"
            );
        }
    }
}
