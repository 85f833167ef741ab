namespace Drills;

/// <summary>One drill.</summary>
/// <param name="Id">As in the table of docs/reliability.md.</param>
/// <param name="Promise">What must hold.</param>
/// <param name="RunAsync">Does it, for about so many seconds, once for each line of the table.</param>
internal sealed record Drill(string Id, string Promise, Func<int, IAsyncEnumerable<Finding>> RunAsync);

/// <summary>One line of the table.</summary>
/// <param name="What">What was done.</param>
/// <param name="Counts">How often, and how it was answered.</param>
/// <param name="Measured">How long it took.</param>
/// <param name="Broken">A sentence for each promise that did not hold.</param>
internal sealed record Finding(string What, string Counts, string Measured, IReadOnlyList<string> Broken);
