using System.Globalization;
using AuthServer.Edge;

namespace AuthServer.Limits;

/// <summary>What somebody is told who went over a limit: when to come back, and what else would help.</summary>
internal static class TooMany
{
    public static Refusal Requests(TimeSpan retryAfter) =>
        new(429, $"There were too many requests from here. Wait {InWords(retryAfter)}, then try again.")
        {
            RetryAfter = retryAfter,
        };

    /// <summary>The same for every account, whether there is one or not.</summary>
    public static Refusal Guesses(TimeSpan retryAfter) =>
        new(
            429,
            $"There were too many failed attempts. Wait {InWords(retryAfter)}, or use a browser in which you have signed in before."
        )
        {
            Title = "Too many attempts",
            RetryAfter = retryAfter,
        };

    private static string InWords(TimeSpan time) =>
        Math.Ceiling(time.TotalMinutes) switch
        {
            <= 1 => "a minute",
            var minutes => string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes"),
        };
}
