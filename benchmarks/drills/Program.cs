// What the server promises when something breaks beneath it: each drill breaks it, with real processes, while clients go
// on, and then rebuilds what happened from its record. Bounded: all that it starts ends with it.
//
//   dotnet run -c Release --project benchmarks/drills -- D-01 [--seconds 30]
//   dotnet run -c Release --project benchmarks/drills -- all
//
// Exit code 0 when every promise held, 1 when one did not, 2 for wrong usage.

using System.Globalization;
using Drills;

var seconds = Array.IndexOf(args, "--seconds") is >= 0 and var at
    ? int.Parse(args[at + 1], CultureInfo.InvariantCulture)
    : (int?)null;
List<Drill> wanted = [.. Playbook.All.Where(drill => args is ["all", ..] || args.Contains(drill.Id))];
if (wanted.Count == 0 || seconds is < 1 or > 3600)
{
    await Console.Error.WriteLineAsync(
        $"Name a drill, or 'all', and at most 3600 seconds: {string.Join(' ', Playbook.All.Select(drill => drill.Id))}"
    );
    return 2;
}

Console.WriteLine("| drill | promise | what was done | counts | measured | held |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
var allHeld = true;
foreach (var drill in wanted)
{
    await foreach (var finding in drill.RunAsync(seconds ?? (args is ["all", ..] ? 15 : 30)))
    {
        allHeld &= finding.Broken.Count == 0;
        var held =
            finding.Broken.Count == 0
                ? "held"
                : $"BROKEN: {string.Join("; ", finding.Broken.Take(4).Append(finding.Broken[^1]).Distinct())}";
        Console.WriteLine(
            $"| {drill.Id} | {drill.Promise} | {finding.What} | {finding.Counts} | {finding.Measured} | {held} |"
        );
    }
}

return allHeld ? 0 : 1;
