namespace AuthServer.Data;

/// <summary>When the database last answered nobody, as this instance has seen it.</summary>
internal sealed class Outages(TimeProvider clock)
{
    // It is noticed a little after it began, and what was on its way then took a little while before.
    private static readonly TimeSpan Unnoticed = TimeSpan.FromSeconds(4);

    private readonly Lock _lock = new();
    private (long Noticed, long Ended)? _last;

    /// <summary>One is over that was noticed at <paramref name="noticed"/>, as the clock counts timestamps.</summary>
    public void Ended(long noticed)
    {
        lock (_lock)
        {
            _last = (noticed, clock.GetTimestamp());
        }
    }

    /// <summary>
    /// How long ago somebody could have been told of what was done <paramref name="ago"/>: what was on its way when the
    /// database fell silent was done, but nobody heard of it before the end.
    /// </summary>
    public TimeSpan Tellable(TimeSpan ago)
    {
        lock (_lock)
        {
            return
                _last is var (noticed, ended)
                && clock.GetElapsedTime(ended) is var endedAgo
                && endedAgo < ago
                && ago < clock.GetElapsedTime(noticed) + Unnoticed
                ? endedAgo
                : ago;
        }
    }
}
