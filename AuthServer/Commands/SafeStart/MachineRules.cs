using static AuthServer.Commands.SafeStart.Rule;

namespace AuthServer.Commands.SafeStart;

/// <summary>What runs us: the version, the user, the clock.</summary>
internal static class MachineRules
{
    // Before it, cookies could be forged (CVE-2026-40372).
    private static readonly Version LeastSafe = new(10, 0, 7);

    // Before it: CVE-2026-70183, CVE-2026-70188, CVE-2026-88092.
    private static readonly Version LeastCurrent = new(10, 0, 13);

    public static readonly IReadOnlyList<Rule> All =
    [
        new("G-03", "ASP.NET Core", $"before {LeastSafe}, where cookies can be forged", ForgeableRuntime),
        new("G-03", "ASP.NET Core", $"before {LeastCurrent}, with known weaknesses", OutdatedRuntime)
        {
            Flag = "AllowOutdatedRuntime",
        },
        new("G-20", "the user", "root", Root) { IsWarning = true },
        new("G-20", "the program's folder", "writable by the program itself", WritableProgram)
        {
            IsWarning = true,
        },
        new("G-21", "the clock", "a time before the program was built", OldClock),
    ];

    private static IEnumerable<string> ForgeableRuntime(Facts facts) =>
        When(
            facts.Runtime < LeastSafe,
            $"ASP.NET Core {facts.Runtime} lets anybody forge cookies (CVE-2026-40372): install {LeastCurrent} or newer, and end all sessions."
        );

    private static IEnumerable<string> OutdatedRuntime(Facts facts) =>
        When(
            facts.Runtime >= LeastSafe && facts.Runtime < LeastCurrent,
            $"ASP.NET Core {facts.Runtime} has known weaknesses: install {LeastCurrent} or newer."
        );

    private static IEnumerable<string> Root(Facts facts) =>
        When(facts.IsRoot, "The user is root: run the server as a user of its own.");

    private static IEnumerable<string> WritableProgram(Facts facts) =>
        When(
            facts.MayWriteProgram,
            "The program's folder can be written by the program, so whoever breaks in stays in: make it read-only for this user."
        );

    private static IEnumerable<string> OldClock(Facts facts) =>
        When(
            facts.Now < facts.Built.AddDays(-1),
            $"The clock of this machine says {facts.Now:yyyy-MM-dd}, before this program was built, so no lifetime of a token can be trusted: set the clock."
        );
}
