using System.Net;

namespace Load;

/// <summary>What goes on while nobody attacks: keys, tokens, refreshes, and people who sign in.</summary>
internal static class HonestLoad
{
    private static readonly IPAddress Api = IPAddress.Parse("192.0.2.1");

    public static Task RunAsync(Web web, Crowd crowd, Tally tally, int seconds) =>
        Task.WhenAll(
            Pace.RunAsync(20, seconds, _ => KeysAsync(web, tally)),
            Pace.RunAsync(10, seconds, _ => TokenAsync(web, tally)),
            Pace.RunAsync(5, seconds, i => RefreshAsync(web, crowd.People[i % crowd.People.Count], tally)),
            Pace.RunAsync(
                0.5,
                seconds,
                i => KnownBrowserAsync(web, crowd.People[i % crowd.People.Count], tally)
            ),
            Pace.RunAsync(
                0.5,
                seconds,
                i => NewBrowserAsync(web, crowd.People[^(i % crowd.People.Count + 1)], tally)
            )
        );

    private static Task KeysAsync(Web web, Tally tally) =>
        tally.MeasureAsync(
            "keys",
            async () =>
            {
                using var answer = await web.GetAsync(".well-known/jwks", Api);
                return Web.OutcomeOf(answer, HttpStatusCode.OK);
            }
        );

    private static Task TokenAsync(Web web, Tally tally) =>
        tally.MeasureAsync(
            "client credentials",
            async () =>
            {
                var form = new Dictionary<string, string>
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = "service",
                    ["client_secret"] = Crowd.ServiceSecret,
                };
                using var answer = await web.PostAsync("connect/token", Api, form);
                return Web.OutcomeOf(answer, HttpStatusCode.OK);
            }
        );

    private static async Task RefreshAsync(Web web, Person person, Tally tally)
    {
        await person.Lock.WaitAsync();
        try
        {
            await tally.MeasureAsync(
                "refresh",
                async () =>
                {
                    var form = new Dictionary<string, string>
                    {
                        ["grant_type"] = "refresh_token",
                        ["client_id"] = "spa",
                        ["refresh_token"] = person.RefreshToken,
                    };
                    using var answer = await web.PostAsync("connect/token", person.Address, form);
                    var outcome = Web.OutcomeOf(answer, HttpStatusCode.OK);
                    if (outcome == Outcome.Ok)
                    {
                        person.RefreshToken = Crowd.RefreshTokenIn(await answer.Content.ReadAsStringAsync());
                    }

                    return outcome;
                }
            );
        }
        finally
        {
            person.Lock.Release();
        }
    }

    private static Task KnownBrowserAsync(Web web, Person person, Tally tally)
    {
        person.Browser.Forget("session");
        return SignInAsync("sign-in, known browser", web, person, person.Browser, tally);
    }

    private static Task NewBrowserAsync(Web web, Person person, Tally tally) =>
        SignInAsync("sign-in, new browser", web, person, new Cookies(), tally);

    private static Task SignInAsync(string kind, Web web, Person person, Cookies browser, Tally tally) =>
        tally.MeasureAsync(kind, () => Crowd.SignInAsync(web, person, browser));
}
