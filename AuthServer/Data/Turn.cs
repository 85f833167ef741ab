namespace AuthServer.Data;

/// <summary>What may be changed by one at a time, however many instances there are.</summary>
internal enum Turn
{
    /// <summary>What every start looks at: our secrets, the clients, the story of migrations.</summary>
    Start = 1,

    /// <summary>The signing keys.</summary>
    Keys = 2,

    /// <summary>Accounts: how they are proved, what they allow, whether there are any.</summary>
    People = 3,

    /// <summary>Ends of sessions; taken after <see cref="People"/>, never before.</summary>
    Sessions = 4,

    // 5 was the chain of the audit trail, which needs no turn any more.

    /// <summary>The clearing away of what has expired.</summary>
    Upkeep = 6,
}
