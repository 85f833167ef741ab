using System.Text;

namespace Load.Peers;

/// <summary>The findings as Markdown: medians of the rounds, and in parentheses the least and the most.</summary>
internal static class Table
{
    public static string Of(Findings findings)
    {
        var text = new StringBuilder();
        if (findings.Measurements.Count > 0)
        {
            Head(text, "scenario", "server", "ops/s", "CPU µs/op", "p50 ms", "p99 ms");
            foreach (var group in findings.Measurements.GroupBy(one => (one.Scenario, one.Contender)))
            {
                Row(
                    text,
                    group.Key.Scenario,
                    group.Key.Contender,
                    Spread(group, one => one.PerSecond),
                    Spread(group, one => one.CpuMicroseconds),
                    Spread(group, one => one.P50),
                    Spread(group, one => one.P99)
                );
            }

            Head(text, "ratio", "is");
            foreach (var (name, value) in Ratios.Of(findings))
            {
                Row(text, name, value);
            }

            Head(text, "server", "MiB idle", "MiB after load");
            foreach (var (contender, idle, loaded) in findings.Memory)
            {
                Row(text, contender, Series.Short(idle), Series.Short(loaded));
            }
        }

        if (findings.ColdStarts.Count > 0)
        {
            Head(text, "server", "ms from start to first answer", "to a client's first token", "MiB then");
            foreach (var start in findings.ColdStarts)
            {
                Row(
                    text,
                    start.Contender,
                    start.FirstAnswer.Spread,
                    start.FirstToken?.Spread ?? "",
                    Series.Short(start.ResidentMebibytes)
                );
            }
        }

        return text.ToString();
    }

    private static string Spread(IEnumerable<Measurement> rounds, Func<Measurement, double> what) =>
        new Series([.. rounds.Select(what)]).Spread;

    private static void Head(StringBuilder text, params IReadOnlyList<string> names)
    {
        text.Append('\n');
        Row(text, [.. names]);
        Row(text, [.. names.Select(_ => "---")]);
    }

    private static void Row(StringBuilder text, params string[] cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
