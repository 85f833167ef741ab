namespace Load.Peers;

/// <summary>A server that can take part.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Dialect">How it is spoken to.</param>
/// <param name="Launch">How it is started in a folder, at a port.</param>
internal sealed record Entry(string Name, Dialect Dialect, Func<string, int, Launch> Launch);

/// <summary>What starts a program.</summary>
/// <param name="Words">The program and its arguments.</param>
/// <param name="Environment">What is added to its environment.</param>
internal sealed record Launch(IReadOnlyList<string> Words, IReadOnlyDictionary<string, string> Environment);
