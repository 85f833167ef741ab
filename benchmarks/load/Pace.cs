using System.Diagnostics;

namespace Load;

/// <summary>Starts calls at a steady pace, however slowly they are answered, as strangers do.</summary>
internal static class Pace
{
    /// <summary>Calls <paramref name="call"/> with 0, 1, 2 …, and ends when the last is answered.</summary>
    public static async Task RunAsync(double perSecond, int seconds, Func<int, Task> call)
    {
        var calls = new List<Task>();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < perSecond * seconds; i++)
        {
            var due = TimeSpan.FromSeconds(i / perSecond) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due);
            }

            calls.Add(call(i));
        }

        await Task.WhenAll(calls);
    }
}
