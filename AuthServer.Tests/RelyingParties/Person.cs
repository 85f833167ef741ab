using System.Net;
using System.Text.RegularExpressions;

namespace AuthServer.Tests.RelyingParties;

/// <summary>What the person sees, and where. At the address of a relying party that does not run there is no text.</summary>
internal sealed record View(Uri Address, HttpStatusCode Status, string Html);

/// <summary>Somebody at a browser without a screen: keeps cookies, follows redirects, fills in forms.</summary>
internal sealed partial class Person : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }
    );

    /// <summary>Opens an address and follows it to a page, or to an address that starts with <paramref name="until"/>.</summary>
    public Task<View> OpenAsync(Uri address, string? until = null) => SendAsync(address, null, until);

    /// <summary>Signs in on the page that is in view, and follows on.</summary>
    public Task<View> SignInAsync(View page, string? until = null) =>
        SubmitAsync(page, "", until, ("Email", Demo.Email), ("Password", Demo.Password));

    /// <summary>Sends the form of the page whose opening tag contains <paramref name="mark"/>, with what it carries hidden.</summary>
    public Task<View> SubmitAsync(
        View page,
        string mark,
        string? until = null,
        params (string Name, string Value)[] typed
    )
    {
        var form =
            Forms()
                .Matches(page.Html)
                .FirstOrDefault(form => form.Groups["tag"].Value.Contains(mark, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{page.Address} has no form '{mark}': {page.Html}");

        var fields = Inputs()
            .Matches(form.Value)
            .Select(input =>
                (Name: Attribute(input.Value, "name"), Value: Attribute(input.Value, "value") ?? "")
            )
            .Where(field => field.Name is not null && typed.All(own => own.Name != field.Name))
            .Select(field => KeyValuePair.Create(field.Name!, field.Value))
            .Concat(typed.Select(own => KeyValuePair.Create(own.Name, own.Value)));
        var action = new Uri(page.Address, Attribute(form.Groups["tag"].Value, "action") ?? "");
        return SendAsync(action, new FormUrlEncodedContent(fields), until);
    }

    public void Dispose() => _http.Dispose();

    private async Task<View> SendAsync(Uri address, HttpContent? form, string? until)
    {
        for (var hops = 0; hops < 10; hops++)
        {
            using var request = new HttpRequestMessage(
                form is null ? HttpMethod.Get : HttpMethod.Post,
                address
            );
            request.Content = form;
            using var answer = await _http.SendAsync(request);
            if (answer.Headers.Location is not { } location)
            {
                return new View(address, answer.StatusCode, await answer.Content.ReadAsStringAsync());
            }

            address = new Uri(address, location);
            form = null;
            if (until is not null && address.AbsoluteUri.StartsWith(until, StringComparison.Ordinal))
            {
                return new View(address, answer.StatusCode, "");
            }
        }

        throw new InvalidOperationException($"The redirects do not end; the last one was {address}.");
    }

    private static string? Attribute(string tag, string name)
    {
        var value = Regex.Match(tag, $"\\s{name}=\"([^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1));
        return value.Success ? WebUtility.HtmlDecode(value.Groups[1].Value) : null;
    }

    [GeneratedRegex("(?<tag><form\\b[^>]*method=\"post\"[^>]*>).*?</form>", RegexOptions.Singleline, 1000)]
    private static partial Regex Forms();

    [GeneratedRegex("<input\\b[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Inputs();
}
