namespace Drills;

/// <summary>What a client holds of one family of tokens: all it was ever given, and what it uses now.</summary>
internal sealed class Family(int number, string token)
{
    private readonly List<string> _tokens = [token];

    public int Number { get; } = number;

    public string Token => _tokens[^1];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>The client has ended it, or was told that it has ended; nobody refreshes it any more.</summary>
    public bool IsOver { get; set; }

    public void Take(string next) => _tokens.Add(next);
}
