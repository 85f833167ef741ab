using System.Diagnostics;

namespace AuthServer.Accounts;

/// <summary>Lets an answer leave at a time that does not tell what was found on the way to it (C-52).</summary>
internal static class EvenTime
{
    // Several times what the work takes on a calm machine, so that it ends within the first step.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Does <paramref name="work"/>, and is done with it at the end of a step of 50 ms.</summary>
    public static async Task RunAsync(Func<Task> work, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        var took = Stopwatch.GetElapsedTime(started);
        await Task.Delay(Step * Math.Ceiling(took / Step) - took, cancellation);
    }
}
