namespace AuthServer.Data;

/// <summary>A reason not to start. The message is one sentence that names the setting and the cure.</summary>
internal sealed class StartupException : Exception
{
    public StartupException(string message)
        : base(message) { }

    public StartupException(string message, Exception inner)
        : base(message, inner) { }

    public StartupException() { }
}
