using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Load;

/// <summary>
/// Whether the time of an answer tells what there is behind a name: sign-ins that fail for five reasons, registrations and
/// resets of a known and of an unknown address, taken by turns so that the machine's moods meet all of them alike.
/// </summary>
internal static class Timing
{
    private const string Wrong = "Wrong-Horse-7-Battery";

    // An account gives twenty wrong guesses in a quarter of an hour, and an address five of them.
    private const int PerAccount = 16;
    private const int WarmUp = 10;

    private const string Change = """
        UPDATE AspNetUsers SET LockoutEnd = '2999-01-01 00:00:00+00:00' WHERE Email LIKE 'locked%';
        UPDATE AspNetUsers SET DisabledAt = '2026-01-01 00:00:00' WHERE Email LIKE 'disabled%';
        UPDATE AspNetUsers SET EmailConfirmed = 0 WHERE Email LIKE 'unconfirmed%';
        """;

    private static readonly string[] States = ["wrong", "locked", "disabled", "unconfirmed"];

    public static async Task<int> RunAsync(string[] args)
    {
        var samples = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
        var cost = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 11;
        if (samples is < 10 or > 1000 || cost is < 4 or > 14)
        {
            await Console.Error.WriteLineAsync("10 to 1000 samples, at a cost of 4 to 14.");
            return 2;
        }

        var accounts = (WarmUp + samples) / PerAccount + 1;
        var emails = States.SelectMany(state => Enumerable.Range(0, accounts).Select(i => Email(state, i)));
        await using var target = new Target(emails, cost);
        await target.ReadyAsync();
        await ChangeAsync(target.Database);
        using var web = new Web(target.Address);

        Console.WriteLine("| call | p50 ms | p95 ms | p50 ratio | Mann-Whitney p |");
        Console.WriteLine("| --- | --: | --: | --: | --: |");
        Print(await MeasureAsync(await SignInsAsync(web, accounts), samples));
        Print(await MeasureAsync(Registrations(web, accounts), samples));
        Print(await MeasureAsync(await ResetsAsync(web), samples));
        return 0;
    }

    private static async Task<List<(string Name, List<double> Times)>> MeasureAsync(
        List<(string Name, Func<int, Task> Call)> calls,
        int samples
    )
    {
        var measured = calls.ConvertAll(call => (call.Name, Times: new List<double>()));
        for (var i = 0; i < WarmUp + samples; i++)
        {
            // In another order each time, so that none always follows the same one.
            var order = Enumerable.Range(0, calls.Count).ToArray();
            RandomNumberGenerator.Shuffle<int>(order);
            foreach (var at in order)
            {
                var start = Stopwatch.GetTimestamp();
                await calls[at].Call(i);
                if (i >= WarmUp)
                {
                    measured[at].Times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }

        return measured;
    }

    private static string Email(string state, int i) => $"{state}{i}@example.com";

    private static async Task ChangeAsync(string database)
    {
        await using var db = new SqliteConnection($"Data Source={database};Pooling=false");
        await db.OpenAsync();
        await using var command = db.CreateCommand();
        command.CommandText = Change;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<(string Name, Func<int, Task> Call)>> SignInsAsync(Web web, int accounts)
    {
        var browser = new Cookies();
        using var page = await web.GetAsync("account/login", IPAddress.Parse("10.9.9.9"), browser);
        var token = Web.FormToken(await page.Content.ReadAsStringAsync());
        Task Guess(int kind, int i, string email, string password) =>
            SubmitAsync(
                web,
                browser,
                "account/login",
                From(kind, i),
                new() { ["Email"] = email, ["Password"] = password },
                token
            );
        return
        [
            ("wrong password", i => Guess(0, i, Email("wrong", i % accounts), Wrong)),
            ("unknown account", i => Guess(1, i, $"nobody{i}@example.com", Wrong)),
            ("locked, right password", i => Guess(2, i, Email("locked", i % accounts), Crowd.Password)),
            ("disabled, right password", i => Guess(3, i, Email("disabled", i % accounts), Crowd.Password)),
            (
                "unconfirmed, right password",
                i => Guess(4, i, Email("unconfirmed", i % accounts), Crowd.Password)
            ),
        ];
    }

    private static List<(string Name, Func<int, Task> Call)> Registrations(Web web, int accounts) =>
        [
            ("register a new address", i => RegisterAsync(web, From(5, i), $"new{i}@example.com")),
            ("register a known address", i => RegisterAsync(web, From(6, i), Email("wrong", i % accounts))),
        ];

    // The known ones are those that were registered just before: a mailbox gets few letters in an hour.
    private static async Task<List<(string Name, Func<int, Task> Call)>> ResetsAsync(Web web)
    {
        var browser = new Cookies();
        using var page = await web.GetAsync("account/forgot", IPAddress.Parse("10.9.9.8"), browser);
        var token = Web.FormToken(await page.Content.ReadAsStringAsync());
        Task Reset(int kind, int i, string email) =>
            SubmitAsync(web, browser, "account/forgot", From(kind, i), new() { ["Email"] = email }, token);
        return
        [
            ("reset of a known address", i => Reset(7, i, $"new{i}@example.com")),
            ("reset of an unknown address", i => Reset(8, i, $"nobody{i}@example.com")),
        ];
    }

    // An address for each call: what somebody did before decides nothing.
    private static IPAddress From(int kind, int i) =>
        new([10, (byte)kind, (byte)(i / 250), (byte)(i % 250 + 1)]);

    private static async Task SubmitAsync(
        Web web,
        Cookies browser,
        string page,
        IPAddress from,
        Dictionary<string, string> form,
        string token
    )
    {
        form["__RequestVerificationToken"] = token;
        using var answer = await web.PostAsync(page, from, form, browser);
        Require(answer, HttpStatusCode.OK);
    }

    private static async Task RegisterAsync(Web web, IPAddress from, string email)
    {
        var json = JsonSerializer.Serialize(
            new
            {
                email,
                password = Crowd.Password,
                name = "Load",
            }
        );
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await web.PostAsync("api/account/register", from, content);
        Require(answer, HttpStatusCode.Created);
    }

    private static void Require(HttpResponseMessage answer, HttpStatusCode expected)
    {
        if (answer.StatusCode != expected)
        {
            throw new InvalidOperationException(
                $"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}, not {(int)expected}."
            );
        }
    }

    // Each against the first.
    private static void Print(List<(string Name, List<double> Times)> measured)
    {
        var first = measured[0].Times;
        foreach (var (name, times) in measured)
        {
            var compared =
                times == first
                    ? " | "
                    : $"{Number(Percentile(times, 50) / Percentile(first, 50), "0.000")} | {Number(MannWhitney.P(first, times), "0.000")}";
            Console.WriteLine(
                $"| {name} | {Number(Percentile(times, 50), "0.0")} | {Number(Percentile(times, 95), "0.0")} | {compared} |"
            );
        }
    }

    private static string Number(double value, string format) =>
        value.ToString(format, CultureInfo.InvariantCulture);

    private static double Percentile(List<double> times, int percent) =>
        times.Order().ElementAt((int)Math.Ceiling(percent / 100.0 * times.Count) - 1);
}
