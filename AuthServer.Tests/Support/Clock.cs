namespace AuthServer.Tests.Support;

/// <summary>The real time, but for what a test adds to it.</summary>
public sealed class Clock : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() =>
        base.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _offset));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() =>
        base.GetTimestamp() / (base.TimestampFrequency / TimeSpan.TicksPerSecond)
        + Volatile.Read(ref _offset);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);
}
