using System.Globalization;

namespace Load;

/// <summary>The table: each kind of call without the storm and within it, and the ratio of the two.</summary>
internal static class Report
{
    private static readonly int[] Percentiles = [50, 95, 99];

    public static void Print(Tally calm, Tally stormy, long memoryBefore, long memoryAfter)
    {
        Console.WriteLine("| call | | ok | refused | failed | p50 ms | p95 ms | p99 ms | p50 ratio |");
        Console.WriteLine("| --- | --- | --: | --: | --: | --: | --: | --: | --: |");
        foreach (var kind in stormy.Kinds.Where(kind => kind != "storm"))
        {
            PrintRow(kind, "calm", calm, Outcome.Ok, ratio: "");
            var ratio = stormy.Percentile(kind, Outcome.Ok, 50) / calm.Percentile(kind, Outcome.Ok, 50);
            PrintRow(kind, "storm", stormy, Outcome.Ok, ratio.ToString("0.0", CultureInfo.InvariantCulture));
        }

        PrintRow("storm", "hashed", stormy, Outcome.Ok, ratio: "");
        PrintRow("storm", "refused", stormy, Outcome.Refused, ratio: "");
        Console.WriteLine(
            $"\nResident memory of the server: {memoryBefore} MB before the storm, {memoryAfter} MB after."
        );
    }

    private static void PrintRow(string kind, string when, Tally tally, Outcome timed, string ratio)
    {
        var counts = string.Join(
            " | ",
            Enum.GetValues<Outcome>().Select(outcome => tally.Count(kind, outcome))
        );
        var times = string.Join(
            " | ",
            Percentiles.Select(percent =>
                tally.Percentile(kind, timed, percent).ToString("0.0", CultureInfo.InvariantCulture)
            )
        );
        Console.WriteLine($"| {kind} | {when} | {counts} | {times} | {ratio} |");
    }
}
