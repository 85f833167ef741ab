using System.Globalization;

namespace Drills;

/// <summary>The figures of a history, for the table.</summary>
internal static class Figures
{
    /// <summary>How many of each kind of answer.</summary>
    public static string Kinds(IEnumerable<Entry> entries) =>
        string.Join(
            ", ",
            entries
                .Where(entry => entry.Deed == "refresh")
                .CountBy(entry => entry.Kind)
                .OrderByDescending(kind => kind.Value)
                .Select(kind => Text($"{kind.Value}×{kind.Key}"))
        );

    /// <summary>The 99th percentile of good refreshes.</summary>
    public static string P99(IEnumerable<Entry> entries) =>
        $"p99 {Milliseconds(Percentile([.. entries.Where(IsGood).Select(entry => entry.Taken)], 0.99))}";

    /// <summary>The longest time in which nobody was given anything.</summary>
    public static string LongestGap(IEnumerable<Entry> entries)
    {
        var ends = entries.Where(IsGood).Select(entry => entry.Answered).Order().ToList();
        var gap = ends.Zip(ends.Skip(1), (one, next) => next - one).DefaultIfEmpty().Max();
        return $"longest gap {Milliseconds(gap)}";
    }

    /// <summary>The slowest answer that was an error.</summary>
    public static string SlowestError(IEnumerable<Entry> entries) =>
        $"slowest error {Milliseconds(entries.Where(entry => !entry.IsOk).Select(entry => entry.Taken).DefaultIfEmpty().Max())}";

    public static string Longest(IEnumerable<TimeSpan> times) => Seconds(times.Max());

    public static string Seconds(TimeSpan time) => Text($"{time.TotalSeconds:0.0} s");

    public static string Milliseconds(double milliseconds) =>
        milliseconds < 1000 ? Text($"{milliseconds:0} ms") : Text($"{milliseconds / 1000:0.0} s");

    public static double Percentile(List<double> values, double part)
    {
        values.Sort();
        return values.Count == 0 ? 0 : values[Math.Min(values.Count - 1, (int)(values.Count * part))];
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static bool IsGood(Entry entry) => entry is { Deed: "refresh", IsOk: true };
}
