namespace AuthServer.Limits;

/// <summary>Who waits where at the <see cref="HashGate"/>, the first to be served first.</summary>
internal enum Lane
{
    /// <summary>A browser in which this account has signed in before.</summary>
    Known,

    /// <summary>An address that has not guessed lately: a storm soon has few of them left, people come from one.</summary>
    Newcomer,

    /// <summary>Everybody else.</summary>
    Other,
}
