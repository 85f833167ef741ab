namespace Load.Peers;

/// <summary>Loads a server that is ready for it, for some seconds.</summary>
internal delegate Task<Yield> Drive(int seconds);

/// <summary>One kind of work.</summary>
/// <param name="Name">As on the command line and in the table.</param>
/// <param name="Contenders">Who can do it, in the order of the turns.</param>
/// <param name="PrepareAsync">Brings what the load begins with, before anything is measured.</param>
internal sealed record Scenario(
    string Name,
    IReadOnlyList<string> Contenders,
    Func<Contender, Task<Drive>> PrepareAsync
);
