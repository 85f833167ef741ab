using System.Diagnostics;

namespace Load.Peers;

/// <summary>People who sign in by the form, with their passwords, a few at once; every time in a new browser.</summary>
internal static class SignIns
{
    // One is being compared while the other is on its way: the core is never idle, and nobody waits too long for a turn.
    private const int AtOnce = 2;

    public static async Task<Drive> PrepareAsync(Contender contender)
    {
        var emails = new List<string>();
        for (var i = 0; i < AtOnce; i++)
        {
            using var browser = new Browser(contender.Address);
            emails.Add(await AuthServerEntry.RegisterAsync(browser));
        }

        return seconds => RunAsync(contender, emails, TimeSpan.FromSeconds(seconds));
    }

    private static async Task<Yield> RunAsync(
        Contender contender,
        IReadOnlyList<string> emails,
        TimeSpan length
    )
    {
        var began = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(emails.Select(email => AgainAsync(contender, email, length)));
        var window = Stopwatch.GetElapsedTime(began);
        var all = times.SelectMany(own => own).Order().ToList();
        return new Yield(all.Count, window, At(all, 0.5), At(all, 0.99));
    }

    private static async Task<List<double>> AgainAsync(Contender contender, string email, TimeSpan length)
    {
        var times = new List<double>();
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < length; )
        {
            using var browser = new Browser(contender.Address);
            var from = Stopwatch.GetTimestamp();
            await AuthServerEntry.SignInAsync(browser, email);
            times.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }

        return times;
    }

    private static double At(List<double> sorted, double part) =>
        sorted[(int)Math.Ceiling(part * sorted.Count) - 1];
}
