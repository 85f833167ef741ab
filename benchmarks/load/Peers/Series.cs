using System.Globalization;

namespace Load.Peers;

/// <summary>The same thing measured in every round.</summary>
internal sealed record Series(IReadOnlyList<double> Values)
{
    public double Median
    {
        get
        {
            var sorted = Values.Order().ToList();
            var middle = sorted.Count / 2;
            return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /// <summary>The median, and in parentheses how far the rounds lie apart.</summary>
    public string Spread =>
        Values.Count == 1 ? Short(Median) : $"{Short(Median)} ({Short(Values.Min())}–{Short(Values.Max())})";

    public static string Short(double value) =>
        value.ToString(
            value >= 100 ? "0"
                : value >= 10 ? "0.0"
                : "0.00",
            CultureInfo.InvariantCulture
        );
}
