namespace AuthServer.Limits;

/// <summary>How often something may happen to one key; the window begins with the first time.</summary>
/// <param name="Name">Part of the counter's name; a label of the metrics.</param>
/// <param name="Permits">At least 1.</param>
/// <param name="Window">More than zero.</param>
internal sealed record Limit(string Name, int Permits, TimeSpan Window);

/// <summary>What one decision wants from one counter.</summary>
/// <param name="Limit">Which limit holds there.</param>
/// <param name="Key">Whose counter, from <see cref="CounterKeys"/>: never a plain address or e-mail.</param>
/// <param name="OnlyAsks">Takes nothing: the counter must only have something left.</param>
internal readonly record struct Charge(Limit Limit, string Key, bool OnlyAsks = false);
