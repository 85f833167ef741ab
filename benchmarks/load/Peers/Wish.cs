using System.Globalization;

namespace Load.Peers;

/// <summary>What a run shall measure, as written on the command line.</summary>
/// <param name="Rounds">How often each server is measured in each scenario, by turns.</param>
/// <param name="Seconds">The length of one measurement.</param>
/// <param name="WarmUp">Seconds of the same load before the first round.</param>
/// <param name="Scenarios">Their names; none for all.</param>
/// <param name="Targets">The names of the servers; none for all.</param>
/// <param name="OnRam">Whether databases live on a RAM disk, where a commit costs no disk.</param>
/// <param name="Report">The Markdown file that gets the tables; null for the console alone.</param>
internal sealed record Wish(
    int Rounds,
    int Seconds,
    int WarmUp,
    IReadOnlyList<string> Scenarios,
    IReadOnlyList<string> Targets,
    bool OnRam,
    string? Report
)
{
    /// <summary>Null when it cannot be understood, or asks for too much.</summary>
    public static Wish? Read(string[] words)
    {
        var left = words.Where(word => word != "--ram").ToArray();
        var given = left.Chunk(2)
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var wish = new Wish(
            Number(given, "--rounds", 5),
            Number(given, "--seconds", 5),
            Number(given, "--warm", 5),
            List(given, "--only"),
            List(given, "--targets"),
            words.Contains("--ram"),
            given.GetValueOrDefault("--out")
        );
        string[] known = ["--rounds", "--seconds", "--warm", "--only", "--targets", "--out"];
        var isSound =
            left.Length == 2 * given.Count
            && given.Keys.All(known.Contains)
            && wish is { Rounds: >= 1 and <= 50, Seconds: >= 1 and <= 120, WarmUp: >= 0 and <= 60 };
        return isSound ? wish : null;
    }

    public bool Wants(Scenario scenario) => Scenarios.Count == 0 || Scenarios.Contains(scenario.Name);

    public bool WantsColdStarts => Scenarios.Count == 0 || Scenarios.Contains("cold");

    public bool Wants(string target) => Targets.Count == 0 || Targets.Contains(target);

    private static int Number(Dictionary<string, string> given, string name, int otherwise) =>
        !given.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : -1;

    private static string[] List(Dictionary<string, string> given, string name) =>
        given.GetValueOrDefault(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
