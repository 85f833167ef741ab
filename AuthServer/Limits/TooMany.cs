using AuthServer.Edge;
using static AuthServer.Language.Words;

namespace AuthServer.Limits;

/// <summary>What somebody is told who went over a limit: when to come back, and what else would help.</summary>
internal static class TooMany
{
    public static Refusal Requests(TimeSpan retryAfter) =>
        new(
            429,
            Say("There were too many requests from here. Wait {0}, then try again.", InWords(retryAfter))
        )
        {
            RetryAfter = retryAfter,
        };

    /// <summary>The same for every account, whether there is one or not.</summary>
    public static Refusal Guesses(TimeSpan retryAfter) =>
        new(
            429,
            Say(
                "There were too many failed attempts. Wait {0}, or use a browser in which you have signed in before.",
                InWords(retryAfter)
            )
        )
        {
            Title = Say("Too many attempts"),
            RetryAfter = retryAfter,
        };

    private static string InWords(TimeSpan time) =>
        Math.Ceiling(time.TotalMinutes) switch
        {
            <= 1 => Say("a minute"),
            var minutes => Say("{0} minutes", minutes),
        };
}
