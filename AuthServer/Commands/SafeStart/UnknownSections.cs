using AuthServer.Data;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace AuthServer.Commands.SafeStart;

/// <summary>Finds sections that nobody reads: most often a name with a typing mistake, whose settings then do nothing.</summary>
internal static class UnknownSections
{
    private static readonly string[] Known =
    [
        .. "Issuer Instances Data Redis Clients Apis Users Cors Passwords Tokens Keys RateLimits".Split(' '),
        .. "Accounts Sessions Mail External Proxies Hsts Unsafe Drain Telemetry".Split(' '),
        .. "Logging AllowedHosts Kestrel Urls HttpPorts Http_Ports Https_Ports Environment".Split(' '),
        .. "DetailedErrors DisableStaticAssetNotFoundRuntimeFallback Config".Split(' '),
    ];

    /// <summary>A sentence for each.</summary>
    public static IEnumerable<string> Of(IConfigurationRoot configuration) =>
        configuration
            .Providers.SelectMany(RootsOf)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(name => !Known.Contains(name, StringComparer.OrdinalIgnoreCase))
            .Select(name => $"The section '{name}' is not known and does nothing{Nearest.Of(name, Known)}.");

    private static IEnumerable<string> RootsOf(IConfigurationProvider provider) =>
        provider switch
        {
            JsonConfigurationProvider => provider.GetChildKeys([], null),
            // Variables are everybody's: only those that look like a section of ours, misspelt, are worth a word.
            EnvironmentVariablesConfigurationProvider => provider
                .GetChildKeys([], null)
                .Where(name =>
                    provider.GetChildKeys([], name).Any() && Nearest.Find(name, Known) is not null
                ),
            _ => [],
        };
}
