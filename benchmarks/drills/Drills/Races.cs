using System.Net;
using System.Text.RegularExpressions;

namespace Drills.Drills;

/// <summary>D-04: the same refresh token, code or link in a letter, used 2, 10 and 50 times at once.</summary>
internal static partial class Races
{
    private static readonly int[] Widths = [2, 10, 50];

    public static async IAsyncEnumerable<Finding> RunAsync(int seconds)
    {
        var rounds = Math.Max(2, seconds / 5);
        await using (var stage = await Stage.BuildAsync())
        {
            yield return await RaceAsync(stage, "SQLite, one instance", rounds);
        }

        await using (var stage = await Stage.BuildAsync(instances: 2, await PostgreSql.StartAsync()))
        {
            yield return await RaceAsync(stage, "PostgreSQL, two instances", rounds);
        }

        // Only there a letter, and so its link, can be read without a mail server.
        await using (var stage = await Stage.BuildAsync(settings: ("ASPNETCORE_ENVIRONMENT", "Development")))
        {
            yield return await RaceForPasswordAsync(stage, rounds);
        }
    }

    private static async Task<Finding> RaceAsync(Stage stage, string where, int rounds)
    {
        var browser = await stage.People.NewBrowserAsync();
        var broken = new List<string>();
        var (refreshes, codes, winners) = (0, 0, 0);
        foreach (var width in Enumerable.Repeat(Widths, rounds).SelectMany(widths => widths))
        {
            var first = await stage.People.RedeemAsync(await stage.People.AuthorizeAsync(browser));
            var answers = await AtOnceAsync(width, _ => stage.Web.RefreshAsync(first["refresh_token"]));
            var children = answers
                .Where(answer => answer.IsOk)
                .Select(answer => answer["refresh_token"])
                .Distinct(StringComparer.Ordinal)
                .ToList();
            refreshes += width;
            if (children.Count != 1 || answers.Exists(answer => answer.IsRefusal))
            {
                broken.Add($"{width} refreshes had {children.Count} successors (I2)");
            }
            else if (!(await Persist.UntilAsync(() => stage.Web.RefreshAsync(children[0]))).IsOk)
            {
                broken.Add($"the successor of {width} refreshes is of no use (I1)");
            }

            var code = await stage.People.AuthorizeAsync(browser);
            var redeemed = await AtOnceAsync(width, _ => stage.People.RedeemAsync(code));
            codes += width;
            winners += redeemed.Count(answer => answer.IsOk);
            if (redeemed.Count(answer => answer.IsOk) > 1)
            {
                broken.Add($"a code gave tokens {redeemed.Count(answer => answer.IsOk)} times in {width}");
            }
        }

        return new Finding(
            where,
            $"{refreshes} refreshes in {rounds * 3} races, one successor each; {codes} redemptions in as many, {winners} good",
            "–",
            [.. broken, .. await stage.AuditAsync()]
        );
    }

    private static async Task<Finding> RaceForPasswordAsync(Stage stage, int rounds)
    {
        var broken = new List<string>();
        var (uses, winners) = (0, 0);
        foreach (var width in Enumerable.Repeat(Widths, Math.Min(rounds, 3)).SelectMany(widths => widths))
        {
            var email = await stage.People.RegisterAsync();
            var browser = new Dictionary<string, string>(StringComparer.Ordinal);
            var ask = await stage.Web.GetAsync("account/forgot", browser);
            await stage.Web.PostAsync(
                "account/forgot",
                [("Email", email), ("__RequestVerificationToken", People.FormToken(ask.Text))],
                browser
            );
            await Persist.UntilAsync(
                "the letter",
                () => Task.FromResult(Link().Count(stage.Instances[0].Output) > uses / 62 * 3 + Index(width))
            );
            var link = new Uri(Link().Matches(stage.Instances[0].Output)[^1].Value).PathAndQuery.TrimStart(
                '/'
            );
            var page = await stage.Web.GetAsync(link, browser);
            var answers = await AtOnceAsync(
                width,
                i =>
                    stage.Web.PostAsync(
                        link,
                        [
                            ("Password", $"Racing-Horse-{i}-Battery"),
                            ("__RequestVerificationToken", People.FormToken(page.Text)),
                        ],
                        browser
                    )
            );
            var won = answers.Count(answer => answer.Status is HttpStatusCode.Redirect);
            uses += width;
            winners += won;
            if (won != 1)
            {
                broken.Add(
                    $"a link set {won} passwords in {width} uses: {string.Join(' ', answers.CountBy(answer => answer.Kind))}"
                );
            }
        }

        return new Finding("links of letters", $"{uses} uses, {winners} good", "–", broken);
    }

    private static int Index(int width) => Array.IndexOf(Widths, width);

    private static async Task<List<Answer>> AtOnceAsync(int width, Func<int, Task<Answer>> ask) =>
        [.. await Task.WhenAll(Enumerable.Range(0, width).Select(ask))];

    [GeneratedRegex("https?://[^\\s\"\\\\]+/account/reset[^\\s\"]*", RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
