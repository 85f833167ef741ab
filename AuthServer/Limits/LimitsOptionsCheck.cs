using System.Net;
using Microsoft.Extensions.Options;

namespace AuthServer.Limits;

/// <summary>Refuses limits that limit nothing, and names in the section that nobody reads.</summary>
internal sealed class LimitsOptionsCheck(IConfiguration configuration) : IValidateOptions<LimitsOptions>
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, LimitsOptions options)
    {
        var section = configuration.GetSection("RateLimits");
        List<string> mistakes =
        [
            .. Unknown(section, typeof(LimitsOptions)),
            .. Mistakes(section, nameof(options.Global), options.Global),
            .. Mistakes(section, nameof(options.PerUser), options.PerUser),
            .. Mistakes(section, nameof(options.PerClient), options.PerClient),
            .. Mistakes(section, nameof(options.SignInFailures), options.SignInFailures),
            .. Mistakes(section, nameof(options.SignInFailuresPerAccount), options.SignInFailuresPerAccount),
            .. Mistakes(section, nameof(options.SignInFailuresPerAddress), options.SignInFailuresPerAddress),
            .. Mistakes(section, nameof(options.Letters), options.Letters),
            .. Mistakes(section, nameof(options.LettersPerAddress), options.LettersPerAddress),
            .. options
                .ExemptNetworks.Where(network => !IPNetwork.TryParse(network, out _))
                .Select(network =>
                    $"RateLimits:ExemptNetworks holds '{network}': write a network as CIDR, such as '10.0.0.0/8', its address being the network's first."
                ),
        ];
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Mistakes(
        IConfigurationSection section,
        string name,
        LimitSettings limit
    )
    {
        var path = $"{section.Path}:{name}";
        if (limit.PermitLimit < 1)
        {
            yield return $"{path}:PermitLimit must be at least 1: leave it out for the default.";
        }

        if (limit.Window <= TimeSpan.Zero || limit.Window > LongestWindow)
        {
            yield return $"{path}:Window must be more than zero and at most a day: write '00:15:00' for a quarter of an hour.";
        }

        foreach (var mistake in Unknown(section.GetSection(name), typeof(LimitSettings)))
        {
            yield return mistake;
        }
    }

    private static IEnumerable<string> Unknown(IConfigurationSection section, Type settings)
    {
        var names = settings.GetProperties().Select(property => property.Name).ToList();
        return section
            .GetChildren()
            .Where(child => !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path} is not a known setting: there are {string.Join(", ", names)}.");
    }
}
