namespace Load.Peers;

/// <summary>What a run has found.</summary>
internal sealed class Findings
{
    public List<Measurement> Measurements { get; } = [];

    /// <summary>RS256 signatures per second of a core, in each round.</summary>
    public List<double> Signatures { get; } = [];

    /// <summary>Mebibytes of each server before the load and after all of it.</summary>
    public List<(string Contender, double Idle, double Loaded)> Memory { get; } = [];

    /// <summary>From the start of the process to its first answer, in milliseconds.</summary>
    public List<(string Contender, Series Milliseconds)> ColdStarts { get; } = [];
}
