using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;

namespace Load;

/// <summary>The honest: people with a browser that the server knows and a family of refresh tokens.</summary>
internal sealed class Crowd
{
    public const string RedirectUri = "http://localhost:5173/callback";
    public const string ServiceSecret = "load-only-service-secret-0123456789abcdef";
    public const string Password = "Correct-Horse-7-Battery";
    private const string Verifier = "load-only-verifier-0123456789-0123456789-0123456789";

    public static readonly IReadOnlyList<string> Emails =
    [
        .. Enumerable.Range(0, 30).Select(i => $"person{i}@example.com"),
    ];

    private Crowd(IReadOnlyList<Person> people) => People = people;

    public IReadOnlyList<Person> People { get; }

    public static async Task<Crowd> GatherAsync(Web web)
    {
        var people = new List<Person>();
        foreach (var (i, email) in Emails.Index())
        {
            var person = new Person(email, new IPAddress([198, 51, 100, (byte)(i + 1)]));
            await SignInAsync(web, person, person.Browser);
            person.RefreshToken = await FirstTokenAsync(web, person);
            people.Add(person);
        }

        return new Crowd(people);
    }

    /// <summary>By the form, as a browser does it: the page, then the password.</summary>
    public static async Task<Outcome> SignInAsync(Web web, Person person, Cookies browser)
    {
        using var page = await web.GetAsync("account/login", person.Address, browser);
        if (Web.OutcomeOf(page, HttpStatusCode.OK) is var outcome and not Outcome.Ok)
        {
            return outcome;
        }

        var form = new Dictionary<string, string>
        {
            ["Email"] = person.Email,
            ["Password"] = Password,
            ["__RequestVerificationToken"] = Web.FormToken(await page.Content.ReadAsStringAsync()),
        };
        using var answer = await web.PostAsync("account/login", person.Address, form, browser);
        return Web.OutcomeOf(answer, HttpStatusCode.Redirect);
    }

    private static async Task<string> FirstTokenAsync(Web web, Person person)
    {
        var challenge = Convert
            .ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)))
            .TrimEnd('=')
            .Replace('+', '-')
            .Replace('/', '_');
        using var authorized = await web.GetAsync(
            $"connect/authorize?client_id=spa&response_type=code&redirect_uri={Uri.EscapeDataString(RedirectUri)}"
                + $"&scope=openid%20offline_access%20orders.read&code_challenge={challenge}&code_challenge_method=S256",
            person.Address,
            person.Browser
        );
        var code = HttpUtility.ParseQueryString(authorized.Headers.Location!.Query)["code"]!;

        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "spa",
            ["code"] = code,
            ["code_verifier"] = Verifier,
            ["redirect_uri"] = RedirectUri,
        };
        using var answer = await web.PostAsync("connect/token", person.Address, form);
        return RefreshTokenIn(await answer.Content.ReadAsStringAsync());
    }

    public static string RefreshTokenIn(string json) =>
        JsonDocument.Parse(json).RootElement.GetProperty("refresh_token").GetString()!;
}

/// <summary>One of them. The lock is held while the token is being used, for a client never refreshes twice at once.</summary>
internal sealed record Person(string Email, IPAddress Address)
{
    public Cookies Browser { get; } = new();

    public SemaphoreSlim Lock { get; } = new(1);

    public string RefreshToken { get; set; } = "";
}
