using System.Diagnostics;

namespace AuthServer.Tests.Support;

/// <summary>Waits for what comes by itself, with a deadline that only a broken server misses.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Asks again and again until the answer is yes; fails with <paramref name="what"/> after a minute.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        for (var started = Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(20))
        {
            if (Stopwatch.GetElapsedTime(started) > Longest)
            {
                throw new TimeoutException($"It did not come: {what}.");
            }
        }
    }
}
