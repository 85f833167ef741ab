using System.Diagnostics.CodeAnalysis;

namespace AuthServer.Limits;

/// <summary>What the counters say: everything asked for was taken, or nothing was.</summary>
internal sealed record Decision
{
    /// <summary>What was taken; null for a refusal.</summary>
    public Reservation? Taken { get; private init; }

    /// <summary>The counter that was full, of several the one that stays so longest; null when everything was taken.</summary>
    public Charge? Exceeded { get; private init; }

    /// <summary>How long that counter stays full; zero when everything was taken.</summary>
    public TimeSpan RetryAfter { get; private init; }

    [MemberNotNullWhen(true, nameof(Taken))]
    [MemberNotNullWhen(false, nameof(Exceeded))]
    public bool IsAllowed => Taken is not null;

    public static Decision Allow(Reservation taken) => new() { Taken = taken };

    public static Decision Refuse(Charge exceeded, TimeSpan retryAfter) =>
        new() { Exceeded = exceeded, RetryAfter = retryAfter };
}
