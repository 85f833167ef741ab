namespace AuthServer.Tests.Support;

/// <summary>A browser without scripts: it keeps cookies and fills in forms, and follows a redirect when told to.</summary>
/// <param name="http">What it goes by; it becomes the browser's own.</param>
public sealed class Browser(HttpClient http) : IDisposable
{
    /// <summary>One that goes to <paramref name="server"/>.</summary>
    /// <param name="server">Where it goes.</param>
    /// <param name="from">The address of loopback that it comes from, such as <c>127.0.0.7</c>; null for the usual one.</param>
    public Browser(Server server, string? from = null)
        : this(server.Address, from) { }

    /// <summary>The same for a server that is a process of its own.</summary>
    public Browser(Uri address, string? from = null)
        : this(Visitors.ClientTo(address, from)) { }

    /// <summary>All cookies by name, whatever their flags; a test may take or plant one.</summary>
    public IDictionary<string, string> Cookies { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What it says in <c>Accept-Language</c>; nothing when empty.</summary>
    public string Languages { get; set; } = "";

    /// <summary>What it says that it is; nothing when empty.</summary>
    public string UserAgent { get; set; } = "";

    public Task<Page> GetAsync(string url) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    public Task<Page> PostAsync(string url, params (string Name, string Value)[] fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = Encode(fields) });

    /// <summary>Fills in the fields of the form that has the button, leaves the others as they are, and presses it.</summary>
    /// <param name="page">A page with such a form.</param>
    /// <param name="button">The words on the button.</param>
    /// <param name="fields">Name and value; a name that the form does not have is sent all the same.</param>
    public Task<Page> PressAsync(Page page, string button, params (string Name, string Value)[] fields)
    {
        var form = page.ReadForms().First(form => form.Controls.Any(control => IsButton(control, button)));
        var typed = fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        var kept = form
            .Controls.Where(control => control.Kind == "input" || IsButton(control, button))
            .Where(control => control.Name is not null && !typed.Contains(control.Name))
            .Select(control => (control.Name!, control.Value));
        return PostAsync(form.Action.ToString(), [.. kept, .. fields]);
    }

    public Task<Page> FollowAsync(Page page) =>
        GetAsync((page.Location ?? throw new InvalidOperationException("Not a redirect.")).ToString());

    /// <summary>Signs in by the page at <paramref name="url"/>; gives the answer to the form.</summary>
    public async Task<Page> SignInAsync(
        string email = "demo@example.com",
        string password = "Correct-Horse-7-Battery",
        string url = "account/login",
        string button = "Sign in"
    )
    {
        var page = await GetAsync(url);
        return await PressAsync(page, button, ("Email", email), ("Password", password));
    }

    /// <summary>Registers by the page; gives the answer to the form.</summary>
    public async Task<Page> RegisterAsync(
        string email,
        string password = "Correct-Horse-7-Battery",
        string name = "Ada Lovelace",
        string url = "account/register",
        string button = "Create account"
    )
    {
        var page = await GetAsync(url);
        return await PressAsync(page, button, ("Email", email), ("Password", password), ("Name", name));
    }

    public async Task<bool> IsSignedInAsync() =>
        (await GetAsync("account/login")).Html.Contains("You are signed in as", StringComparison.Ordinal);

    public async Task<Page> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
        {
            request.Headers.Add(
                "Cookie",
                string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"))
            );
        }

        if (Languages.Length > 0)
        {
            request.Headers.Add("Accept-Language", Languages);
        }

        if (UserAgent.Length > 0)
        {
            request.Headers.Add("User-Agent", UserAgent);
        }

        using (request)
        using (var answer = await http.SendAsync(request))
        {
            Keep(answer);
            return new Page(
                request.RequestUri!,
                answer.StatusCode,
                await answer.Content.ReadAsStringAsync(),
                answer.Headers
            );
        }
    }

    public void Dispose() => http.Dispose();

    private static bool IsButton(Page.Control control, string label) =>
        control.Kind == "button" && control.Label == label;

    private static FormUrlEncodedContent Encode(IEnumerable<(string Name, string Value)> fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private void Keep(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            return;
        }

        foreach (var pair in cookies.Select(cookie => cookie.Split(';')[0].Split('=', 2)))
        {
            // A cookie is deleted by an empty value in the past.
            if (pair[1].Length == 0)
            {
                Cookies.Remove(pair[0]);
            }
            else
            {
                Cookies[pair[0]] = pair[1];
            }
        }
    }
}
