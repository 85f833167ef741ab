using System.Globalization;
using System.Text.RegularExpressions;

namespace AuthServer.Tests.Telemetry;

/// <summary>What Prometheus reads: the value of each series, by its name and labels as they are written.</summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, double> _series;

    public Scrape(string text)
    {
        Text = text;
        _series = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => Line().Match(line))
            .ToDictionary(
                line => line.Groups["series"].Value.Replace("{}", "", StringComparison.Ordinal),
                line => double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture),
                StringComparer.Ordinal
            );
    }

    public string Text { get; }

    /// <summary>The names without labels, and without what a histogram adds to its own.</summary>
    public ISet<string> Names =>
        TypeOf().Matches(Text).Select(type => type.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>The names of all labels of our own metrics.</summary>
    public ISet<string> OwnLabels =>
        _series
            .Keys.Where(series => series.StartsWith("authserver_", StringComparison.Ordinal))
            .SelectMany(series => Label().Matches(series).Select(label => label.Groups["name"].Value))
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>0 for a series that is not there, as an operator would take it.</summary>
    public double this[string series] => _series.GetValueOrDefault(series);

    public bool Has(string series) => _series.ContainsKey(series);

    /// <summary>The sum of all series of a name that have this label.</summary>
    public double Sum(string name, string label) =>
        _series
            .Where(series =>
                series.Key.StartsWith($"{name}{{", StringComparison.Ordinal)
                && series.Key.Contains(label, StringComparison.Ordinal)
            )
            .Sum(series => series.Value);

    [GeneratedRegex(@"^(?<series>[^ {]+(\{.*\})?) (?<value>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();

    [GeneratedRegex(@"^# TYPE (?<name>\S+) ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex TypeOf();

    [GeneratedRegex("[{,](?<name>[a-z_]+)=\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();
}
