using System.Diagnostics;
using System.Net;

namespace Drills;

/// <summary>Asks again what may be asked again.</summary>
internal static class Persist
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Until it is answered with something that is no error of the server; a minute at most.</summary>
    public static async Task<Answer> UntilAsync(Func<Task<Answer>> ask)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(100))
        {
            var answer = await ask();
            if (answer.Status is { } status && status < HttpStatusCode.TooManyRequests)
            {
                return answer;
            }

            if (Stopwatch.GetElapsedTime(began) > Longest)
            {
                throw new TimeoutException($"Nothing but {answer.Kind} for a minute.");
            }
        }
    }

    /// <summary>Until something is so; a minute at most.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        for (var began = Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(20))
        {
            if (Stopwatch.GetElapsedTime(began) > Longest)
            {
                throw new TimeoutException($"It did not come: {what}.");
            }
        }
    }
}
