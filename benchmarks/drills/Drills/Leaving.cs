using System.Collections.Concurrent;

namespace Drills.Drills;

/// <summary>D-16: an instance is told to stop while fifty people are signing in.</summary>
internal static class Leaving
{
    private const int People = 50;

    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        // Dear enough that most still wait for their turn, cheap enough that fifty people are soon registered.
        await using var stage = await Stage.BuildAsync(settings: ("Passwords__BcryptCost", "10"));
        var answers = new ConcurrentBag<string>();
        var broken = new List<string>();
        var ready = new List<(string Email, Dictionary<string, string> Browser, Answer Page)>();
        for (var i = 0; i < People; i++)
        {
            var browser = new Dictionary<string, string>(StringComparer.Ordinal);
            var email = await stage.People.RegisterAsync();
            ready.Add((email, browser, await stage.Web.GetAsync("account/login", browser)));
        }

        var signIns = ready.Select(async one =>
        {
            var answer = await stage.People.PostAsync(one.Page, one.Email, one.Browser);
            answers.Add(answer.Kind);
        });
        var all = Task.WhenAll(signIns);
        await Persist.UntilAsync("the first answer", () => Task.FromResult(!answers.IsEmpty));
        var before = answers.Count;
        var began = stage.History.Now;
        var code = await stage.Instances[0].TerminateAsync();
        var taken = stage.History.Now - began;
        await all;

        broken.AddRange(
            answers.Where(kind => kind is not ("302" or "503")).Select(kind => $"a sign-in was {kind}")
        );
        if (code != 0)
        {
            broken.Add($"it ended with {code}");
        }

        yield return new Finding(
            "SIGTERM with fifty sign-ins under way",
            $"{before} answered before; in all {string.Join(", ", answers.CountBy(kind => kind).Select(kind => $"{kind.Value}×{kind.Key}"))}",
            $"exit {code} after {Figures.Milliseconds(taken)}",
            [.. broken, .. await stage.AuditAsync()]
        );
    }
}
