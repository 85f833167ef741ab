using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Audit;

/// <summary>When the server started and stopped, which version it was and with which configuration.</summary>
internal sealed class ServerStory(IConfiguration configuration, TimeProvider clock)
{
    private static readonly string[] Sections =
    [
        .. "Accounts AllowedHosts Apis Clients Cors Data External Issuer Keys Logging Mail".Split(' '),
        .. "Passwords Proxies RateLimits Redis Sessions Tokens Users".Split(' '),
    ];

    // The names of settings whose values nobody may try to guess from the fingerprint.
    private static readonly string[] Secrets = ["Secret", "Password", "ConnectionString"];

    private readonly string _reason = $"version {Version()}, configuration {Fingerprint(configuration)}";

    public Happening Started() => Of(AuditEvent.ServerStarted);

    public Happening Stopping() => Of(AuditEvent.ServerStopping);

    /// <summary>The same for the same settings, whatever the secrets among them; 16 hexadecimal digits.</summary>
    public static string Fingerprint(IConfiguration configuration)
    {
        var settings = Sections
            .SelectMany(section => configuration.GetSection(section).AsEnumerable())
            .Where(setting => setting.Value is not null)
            .OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase)
            .Select(setting => $"{setting.Key.ToUpperInvariant()}={ValueOf(setting.Key, setting.Value!)}\n");
        return Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(settings))).AsSpan(0, 8)
        );
    }

    private Happening Of(AuditEvent what) =>
        new(what, Succeeded: true, clock.GetUtcNow()) { Reason = _reason };

    private static string ValueOf(string key, string value) =>
        key.Contains("MasterKey", StringComparison.OrdinalIgnoreCase)
        || Array.Exists(Secrets, name => key.EndsWith(name, StringComparison.OrdinalIgnoreCase))
            ? value.Length > 0
                ? "set"
                : ""
            : value;

    private static string Version() =>
        typeof(ServerStory)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "unknown";
}
