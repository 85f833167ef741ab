namespace Load.Peers;

/// <summary>One server in one round of one scenario.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="Contender">Its name.</param>
/// <param name="PerSecond">Operations that were answered as they must be.</param>
/// <param name="CpuMicroseconds">What the server's process computed for one of them.</param>
/// <param name="P50">Of single requests, in milliseconds.</param>
/// <param name="P99">The same.</param>
internal sealed record Measurement(
    string Scenario,
    string Contender,
    double PerSecond,
    double CpuMicroseconds,
    double P50,
    double P99
)
{
    public static async Task<Measurement> TakeAsync(Scenario scenario, Contender contender, int seconds)
    {
        var drive = await scenario.PrepareAsync(contender);
        var before = contender.Figures.Cpu;
        var yield = await drive(seconds);
        var cpu = contender.Figures.Cpu - before;
        return new Measurement(
            scenario.Name,
            contender.Name,
            yield.Good / yield.Window.TotalSeconds,
            cpu.TotalMicroseconds / yield.Good,
            yield.P50,
            yield.P99
        );
    }
}
