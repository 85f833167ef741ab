using StackExchange.Redis;

namespace AuthServer.Limits;

/// <summary>The section <c>Redis</c>: where several instances count together. Empty: each counts for itself.</summary>
internal sealed class RedisOptions
{
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(1);

    /// <summary>As StackExchange.Redis writes it: <c>host:6379,password=…,ssl=true</c>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Added to <see cref="ConnectionString"/>, so that it can stand in a file of its own.</summary>
    public string? Password { get; set; }

    /// <summary>How long one answer may take before this instance decides for itself; up to a second.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    public bool IsUsed => !string.IsNullOrWhiteSpace(ConnectionString);

    /// <summary>Whether it is empty or can be read.</summary>
    public bool IsSound => !IsUsed || CanBeRead();

    /// <summary>For a connection that is never waited for: what cannot be sent at once fails at once.</summary>
    public ConfigurationOptions ToConnection()
    {
        var connection = ConfigurationOptions.Parse(ConnectionString);
        connection.AbortOnConnectFail = false;
        connection.BacklogPolicy = BacklogPolicy.FailFast;
        connection.ConnectTimeout = 1000;
        connection.ReconnectRetryPolicy = new LinearRetry(500);
        connection.ClientName ??= "AuthServer";
        connection.Password = string.IsNullOrEmpty(Password) ? connection.Password : Password;
        return connection;
    }

    // A method of its own, so that the library is loaded by those who use it.
    private bool CanBeRead()
    {
        try
        {
            return ConfigurationOptions.Parse(ConnectionString).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
