using System.Net;

namespace Load;

/// <summary>Failed sign-ins from two thousand addresses over as many names: half of them exist, none is tried often.</summary>
internal static class Storm
{
    private const int Addresses = 2000;

    public static async Task RunAsync(Web web, Tally tally, int seconds, int perSecond)
    {
        // One page serves for all: an attacker does not fetch it again.
        var browser = new Cookies();
        using var page = await web.GetAsync("account/login", From(0), browser);
        var token = Web.FormToken(await page.Content.ReadAsStringAsync());
        await Pace.RunAsync(perSecond, seconds, i => GuessAsync(web, tally, browser, token, i));
    }

    private static Task GuessAsync(Web web, Tally tally, Cookies browser, string token, int i) =>
        tally.MeasureAsync(
            "storm",
            async () =>
            {
                var form = new Dictionary<string, string>
                {
                    ["Email"] =
                        i % 2 == 0 ? Crowd.Emails[i / 2 % Crowd.Emails.Count] : $"nobody{i}@example.com",
                    ["Password"] = $"Wrong-Guess-{i}-Horse",
                    ["__RequestVerificationToken"] = token,
                };
                using var answer = await web.PostAsync("account/login", From(i), form, browser);
                return Web.OutcomeOf(answer, HttpStatusCode.OK);
            }
        );

    // 10.0.0.0/8: each address gives a handful of guesses only.
    private static IPAddress From(int i) =>
        new([10, 1, (byte)(i % Addresses / 250), (byte)(i % Addresses % 250 + 1)]);
}
