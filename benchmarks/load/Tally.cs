using System.Collections.Concurrent;
using System.Diagnostics;

namespace Load;

/// <summary>How one call ended. Refused is an honest 429 or 503; Failed is anything that nobody should see.</summary>
internal enum Outcome
{
    Ok,
    Refused,
    Failed,
}

/// <summary>What was called, how it ended and how long it took.</summary>
internal sealed class Tally
{
    private readonly ConcurrentBag<(string Kind, Outcome Outcome, double Milliseconds)> _calls = [];

    public IEnumerable<string> Kinds =>
        _calls.Select(call => call.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public async Task MeasureAsync(string kind, Func<Task<Outcome>> call)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var outcome = await call();
            _calls.Add((kind, outcome, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            _calls.Add((kind, Outcome.Failed, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
        }
    }

    public int Count(string kind, Outcome outcome) =>
        _calls.Count(call => call.Kind == kind && call.Outcome == outcome);

    /// <summary>In milliseconds, over the calls that ended so; NaN when there are none.</summary>
    public double Percentile(string kind, Outcome outcome, double percent)
    {
        var times = _calls
            .Where(call => call.Kind == kind && call.Outcome == outcome)
            .Select(call => call.Milliseconds)
            .Order()
            .ToArray();
        return times.Length == 0 ? double.NaN : times[(int)Math.Ceiling(percent / 100 * times.Length) - 1];
    }
}
