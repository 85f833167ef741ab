namespace AuthServer.Sessions;

/// <summary>What became of a token that may be used once.</summary>
internal enum Redemption
{
    /// <summary>This call, and no other, used it up.</summary>
    Redeemed,

    /// <summary>It was used a moment ago and its successor was not: the answer was lost, and is given again.</summary>
    Retried,

    /// <summary>It was used before. Its family has been ended.</summary>
    Replayed,
}

/// <summary>When a request did, as <see cref="TimeProvider.GetTimestamp"/> counts: no clock that is set changes it.</summary>
internal readonly record struct Arrived(long Timestamp);
