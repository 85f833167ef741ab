using System.Globalization;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Telemetry;

/// <summary>What the system knows of a process, by <c>/proc</c>.</summary>
internal static class Proc
{
    private const string Listens = "0A";

    /// <summary>The files that are mapped into its memory: every assembly that it has loaded is among them.</summary>
    public static IReadOnlyList<string> LoadedFiles(this AuthServerProcess process) =>
        [
            .. File.ReadLines($"/proc/{process.Id}/maps")
                .Select(line =>
                    line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? line[at..] : ""
                )
                .Where(path => path.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>The TCP ports at which it listens.</summary>
    public static IReadOnlyList<int> ListeningPorts(this AuthServerProcess process)
    {
        var own = Directory
            .EnumerateFileSystemEntries($"/proc/{process.Id}/fd")
            .Select(file => new FileInfo(file).LinkTarget ?? "")
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. from table in (string[])["tcp", "tcp6"]
            let path = $"/proc/{process.Id}/net/{table}"
            where File.Exists(path)
            from line in File.ReadLines(path).Skip(1)
            let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            where fields[3] == Listens && own.Contains($"socket:[{fields[9]}]")
            let port = int.Parse(
                fields[1].Split(':')[^1],
                NumberStyles.HexNumber,
                CultureInfo.InvariantCulture
            )
            group port by port into ports
            select ports.Key,
        ];
    }
}
