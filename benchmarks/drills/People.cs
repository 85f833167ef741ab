using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Web;

namespace Drills;

/// <summary>People, who register and sign in by the front door, and the families of tokens that they give a client.</summary>
internal sealed partial class People(Web web)
{
    public const string Password = "Correct-Horse-7-Battery";
    public const string RedirectUri = "https://drill.example.org/callback";
    private const string Verifier = "drill-only-verifier-0123456789-0123456789-0123456789";

    private static readonly string Challenge = Convert
        .ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)))
        .TrimEnd('=')
        .Replace('+', '-')
        .Replace('/', '_');

    private int _people;
    private int _families;

    /// <summary>Registers somebody; gives their e-mail.</summary>
    public async Task<string> RegisterAsync()
    {
        var number = Interlocked.Increment(ref _people).ToString(CultureInfo.InvariantCulture);
        var person = new
        {
            email = $"person{number}@example.org",
            password = Password,
            name = "Ada Lovelace",
        };
        var answer = await Persist.UntilAsync(() => web.PostJsonAsync("api/account/register", person));
        return answer.Status is HttpStatusCode.Created
            ? person.email
            : throw new InvalidOperationException($"Nobody registers: {answer.Kind} {answer.Text}");
    }

    /// <summary>Signs in by the form; gives the answer to the form. The browser keeps what it got in <paramref name="browser"/>.</summary>
    public async Task<Answer> SignInAsync(string email, Dictionary<string, string> browser)
    {
        var page = await web.GetAsync("account/login", browser);
        return page.IsOk ? await PostAsync(page, email, browser) : page;
    }

    /// <summary>Sends the form of a sign-in page that is there already.</summary>
    public Task<Answer> PostAsync(Answer page, string email, Dictionary<string, string> browser) =>
        web.PostAsync(
            "account/login",
            [("Email", email), ("Password", Password), ("__RequestVerificationToken", FormToken(page.Text))],
            browser
        );

    /// <summary>A new person's browser, signed in.</summary>
    public async Task<Dictionary<string, string>> NewBrowserAsync()
    {
        var email = await RegisterAsync();
        var browser = new Dictionary<string, string>(StringComparer.Ordinal);
        var answer = await Persist.UntilAsync(() => SignInAsync(email, browser));
        return answer.Status is HttpStatusCode.Redirect
            ? browser
            : throw new InvalidOperationException($"Nobody signs in: {answer.Kind} {answer.Text}");
    }

    /// <summary>As many families as asked for, ten to a browser.</summary>
    public async Task<IReadOnlyList<Family>> NewFamiliesAsync(int count)
    {
        var families = new List<Family>();
        var browser = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            browser = i % 10 == 0 ? await NewBrowserAsync() : browser;
            var answer = await RedeemAsync(await AuthorizeAsync(browser));
            for (var tries = 1; !answer.IsOk && tries < 10; tries++)
            {
                // A code is good once, answered or not: a client asks for another.
                answer = await RedeemAsync(await AuthorizeAsync(browser));
            }

            families.Add(new Family(_families++, answer["refresh_token"]));
        }

        return families;
    }

    /// <summary>A code for the client.</summary>
    public async Task<string> AuthorizeAsync(Dictionary<string, string> browser)
    {
        var url =
            $"connect/authorize?client_id={Web.ClientId}&response_type=code&redirect_uri={Uri.EscapeDataString(RedirectUri)}"
            + $"&scope=openid%20offline_access%20orders.read&code_challenge={Challenge}&code_challenge_method=S256";
        var answer = await Persist.UntilAsync(() => web.GetAsync(url, browser));
        return HttpUtility.ParseQueryString(answer.Location?.Query ?? "")["code"]
            ?? throw new InvalidOperationException($"No code: {answer.Kind} {answer.Location} {answer.Text}");
    }

    public Task<Answer> RedeemAsync(string code) =>
        web.AskAsync(
            "connect/token",
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", Verifier),
            ("redirect_uri", RedirectUri)
        );

    /// <summary>The hidden field that proves to the server that a form is its own.</summary>
    public static string FormToken(string page) => TokenField().Match(page).Groups["token"].Value;

    [GeneratedRegex(
        "__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex TokenField();
}
