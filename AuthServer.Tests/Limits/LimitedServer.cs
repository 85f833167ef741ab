using AuthServer.Tests.Support;

namespace AuthServer.Tests.Limits;

/// <summary>A server on which ten requests of one address, six of one person and twenty of one client are all there is.</summary>
public class LimitedServer : Server
{
    public const int Global = 10;
    public const int PerUser = 6;
    public const int PerClient = 20;

    /// <summary>Nobody there is counted.</summary>
    public const string Exempt = "127.0.9.9";

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("RateLimits:Global:PermitLimit", "10"),
            new("RateLimits:PerUser:PermitLimit", "6"),
            new("RateLimits:PerClient:PermitLimit", "20"),
            new("RateLimits:ExemptNetworks:0", "127.0.9.0/24"),
        ];
}
