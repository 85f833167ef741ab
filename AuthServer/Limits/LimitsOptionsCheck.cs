using System.Net;
using Microsoft.Extensions.Options;

namespace AuthServer.Limits;

/// <summary>Refuses limits that limit nothing.</summary>
internal sealed class LimitsOptionsCheck : IValidateOptions<LimitsOptions>
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, LimitsOptions options)
    {
        List<string> mistakes =
        [
            .. Mistakes(nameof(options.Global), options.Global),
            .. Mistakes(nameof(options.PerUser), options.PerUser),
            .. Mistakes(nameof(options.PerClient), options.PerClient),
            .. Mistakes(nameof(options.SignInFailures), options.SignInFailures),
            .. Mistakes(nameof(options.SignInFailuresPerAccount), options.SignInFailuresPerAccount),
            .. Mistakes(nameof(options.SignInFailuresPerAddress), options.SignInFailuresPerAddress),
            .. Mistakes(nameof(options.Letters), options.Letters),
            .. Mistakes(nameof(options.LettersPerAddress), options.LettersPerAddress),
            .. options
                .ExemptNetworks.Where(network => !IPNetwork.TryParse(network, out _))
                .Select(network =>
                    $"RateLimits:ExemptNetworks holds '{network}': write a network as CIDR, such as '10.0.0.0/8', its address being the network's first."
                ),
        ];
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Mistakes(string name, LimitSettings limit)
    {
        var path = $"RateLimits:{name}";
        if (limit.PermitLimit < 1)
        {
            yield return $"{path}:PermitLimit must be at least 1: leave it out for the default.";
        }

        if (limit.Window <= TimeSpan.Zero || limit.Window > LongestWindow)
        {
            yield return $"{path}:Window must be more than zero and at most a day: write '00:15:00' for a quarter of an hour.";
        }
    }
}
