namespace AuthServer.Keys;

/// <summary>The section <c>Keys</c>: how long a key signs, and how long it is published before.</summary>
internal sealed class KeysOptions
{
    /// <summary>How long a key signs before the next one takes its place; up to ten years.</summary>
    public TimeSpan RotationPeriod { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long a key is published before it signs: longer than an API keeps the key set, which is 12 hours in
    /// ASP.NET Core. Less than <see cref="RotationPeriod"/>.
    /// </summary>
    public TimeSpan PublishAhead { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often an instance looks for what others have made or revoked: several times while a key is published only.</summary>
    public TimeSpan Tick =>
        TimeSpan.FromTicks(Math.Min(TimeSpan.FromSeconds(10).Ticks, PublishAhead.Ticks / 4));
}
