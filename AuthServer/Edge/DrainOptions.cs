namespace AuthServer.Edge;

/// <summary>The section <c>Drain</c>: how a server that is told to stop (SIGTERM) leaves.</summary>
internal sealed class DrainOptions
{
    /// <summary>
    /// How long it goes on serving while <c>/health/ready</c> says that it is leaving: as long as those who balance the load
    /// take to notice, 0 to 5 minutes. Default: 5 seconds, none in Development.
    /// </summary>
    public TimeSpan? Delay { get; set; }

    /// <summary>How long requests that have begun may take to end after that, 1 second to 5 minutes.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(25);
}
