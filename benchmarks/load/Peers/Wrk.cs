using System.Globalization;
using Drills;

namespace Load.Peers;

/// <summary>What came of a load.</summary>
/// <param name="Good">Operations that were answered as they must be.</param>
/// <param name="Window">How long it went.</param>
/// <param name="P50">Of single requests, in milliseconds.</param>
/// <param name="P99">The same.</param>
internal sealed record Yield(long Good, TimeSpan Window, double P50, double P99);

/// <summary>The load: wrk, on the core that the server does not have, with a script that checks each answer.</summary>
internal static class Wrk
{
    public const string Core = "1";

    // What is on its way when the time is over still arrives: seconds.
    private const int Grace = 2;

    /// <summary>Lets the script ask for some seconds.</summary>
    /// <exception cref="InvalidOperationException">An answer was wrong, or none came.</exception>
    public static async Task<Yield> RunAsync(
        string script,
        Uri url,
        int connections,
        int seconds,
        IReadOnlyDictionary<string, string> told
    )
    {
        string[] words =
        [
            "taskset",
            "-c",
            Core,
            "wrk",
            "-t1",
            string.Create(CultureInfo.InvariantCulture, $"-c{connections}"),
            string.Create(CultureInfo.InvariantCulture, $"-d{seconds + Grace}s"),
            "--timeout",
            "10s",
            "-s",
            script,
            url.ToString(),
        ];
        var environment = new Dictionary<string, string>(told)
        {
            ["BENCH_SECONDS"] = seconds.ToString(CultureInfo.InvariantCulture),
        };
        var (code, said) = await Child.RunAsync(words, Repository.Folder("benchmarks/load/wrk"), environment);
        var line = Array.Find(
            said.Split('\n'),
            line => line.StartsWith("answers ", StringComparison.Ordinal)
        );
        if (code != 0 || line?.Split(' ', 8) is not { Length: 8 } fields)
        {
            throw new InvalidOperationException($"wrk ended with {code}: {said}");
        }

        var numbers = fields[1..7].Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return numbers[1] == 0 && numbers[2] == 0 && numbers[0] > 0
            ? new Yield(
                numbers[0],
                TimeSpan.FromMicroseconds(numbers[3]),
                numbers[4] / 1000.0,
                numbers[5] / 1000.0
            )
            : throw new InvalidOperationException(
                $"{url} {script}: {numbers[0]} right, {numbers[1]} wrong, {numbers[2]} without an answer; the first wrong one: {fields[7]}"
            );
    }
}
