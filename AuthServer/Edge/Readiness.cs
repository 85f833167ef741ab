namespace AuthServer.Edge;

/// <summary>What <c>/health/ready</c> says beside whether the server is ready.</summary>
internal sealed class Readiness
{
    /// <summary>The names of flags by which this server does something unsafe.</summary>
    public List<string> Unsafe { get; } = [];
}
