using static Load.Peers.Names;

namespace Load.Peers;

/// <summary>How the servers stand to each other, from the medians.</summary>
internal static class Ratios
{
    public static IEnumerable<(string Name, string Value)> Of(Findings findings)
    {
        foreach (var scenario in findings.Measurements.Select(one => one.Scenario).Distinct())
        {
            foreach (var other in new[] { OidcProvider, Stock })
            {
                if (Cpu(findings, scenario, other) / Cpu(findings, scenario, Ours) is { } times)
                {
                    yield return ($"{scenario}: CPU per operation, {other} : {Ours}", Series.Short(times));
                }
            }
        }

        if (
            Cpu(findings, Scenarios.Discovery, Plaintext) / Cpu(findings, Scenarios.Discovery, Ours) is
            { } floor
        )
        {
            yield return ($"{Scenarios.Discovery}: of what Kestrel does in plain text", Percent(floor));
        }

        if (findings.Signatures.Count > 0 && 1e6 / Cpu(findings, Scenarios.CcRs256, Ours) is { } perCore)
        {
            var rate = new Series(findings.Signatures);
            yield return (
                $"{Scenarios.CcRs256}: of the pure signing rate, {rate.Spread}/s with RSA-{Bench.RsaBits}",
                Percent(perCore / rate.Median)
            );
        }

        if (
            Median(findings, Scenarios.Refresh64, Ours, one => one.PerSecond)
                / Median(findings, Scenarios.Refresh64, OursOnRam, one => one.PerSecond) is
            { } disk
        )
        {
            yield return ($"{Scenarios.Refresh64}: ops/s on disk, of those on a RAM disk", Percent(disk));
        }
    }

    private static double? Cpu(Findings findings, string scenario, string contender) =>
        Median(findings, scenario, contender, one => one.CpuMicroseconds);

    private static double? Median(
        Findings findings,
        string scenario,
        string contender,
        Func<Measurement, double> what
    )
    {
        var rounds = findings
            .Measurements.Where(one => one.Scenario == scenario && one.Contender == contender)
            .Select(what)
            .ToList();
        return rounds.Count > 0 ? new Series(rounds).Median : null;
    }

    private static string Percent(double part) => $"{Series.Short(100 * part)} %";
}
