namespace AuthServer.Sessions;

/// <summary>The section <c>Sessions</c>: how long a browser stays signed in.</summary>
internal sealed class SessionsOptions
{
    /// <summary>A session unused for this long is over.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromDays(1);

    /// <summary>A session is over after this, however busy.</summary>
    public TimeSpan AbsoluteLifetime { get; set; } = TimeSpan.FromDays(14);
}
