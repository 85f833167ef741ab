namespace Load.Peers;

/// <summary>What a run has found.</summary>
internal sealed class Findings
{
    public List<Measurement> Measurements { get; } = [];

    /// <summary>RS256 signatures per second of a core, in each round.</summary>
    public List<double> Signatures { get; } = [];

    /// <summary>Mebibytes of each server before the load and after all of it.</summary>
    public List<(string Contender, double Idle, double Loaded)> Memory { get; } = [];

    public List<ColdStart> ColdStarts { get; } = [];
}

/// <summary>What the starts of a server on a database that it has served took.</summary>
/// <param name="Contender">Which server.</param>
/// <param name="FirstAnswer">Milliseconds from the start of the process.</param>
/// <param name="FirstToken">The same, to a token for a client that asked after that answer; none where none are given.</param>
/// <param name="ResidentMebibytes">A few seconds later, while nobody asks for anything.</param>
internal sealed record ColdStart(
    string Contender,
    Series FirstAnswer,
    Series? FirstToken,
    double ResidentMebibytes
);
