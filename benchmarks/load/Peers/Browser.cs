using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;

namespace Load.Peers;

/// <summary>Somebody at one server: its cookies, and the client whose tokens it brings.</summary>
internal sealed class Browser(Uri address) : IDisposable
{
    private const int MostRedirects = 6;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }
    )
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public Cookies Cookies { get; } = new();

    public Task<HttpResponseMessage> GetAsync(string url) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    public Task<HttpResponseMessage> PostAsync(string url, Dictionary<string, string> form) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) });

    public Task<HttpResponseMessage> PostJsonAsync(string url, object body) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(body) });

    /// <summary>Follows the server's own redirects until one leads back to the client; the code in it.</summary>
    public async Task<string> CodeAsync(string url)
    {
        for (var i = 0; i < MostRedirects; i++)
        {
            using var answer = await GetAsync(url);
            url = answer.Headers.Location?.OriginalString ?? "";
            if (url.StartsWith(Bench.RedirectUri, StringComparison.Ordinal))
            {
                return HttpUtility.ParseQueryString(new Uri(url).Query)["code"]
                    ?? throw new InvalidOperationException($"No code, but {url}");
            }

            Require(answer, HttpStatusCode.Redirect, HttpStatusCode.RedirectMethod);
        }

        throw new InvalidOperationException($"Nothing leads back to the client: {url}");
    }

    /// <summary>The tokens for a new code.</summary>
    public async Task<JsonElement> TokensAsync(Dialect dialect, string scopes)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = await CodeAsync(dialect.AuthorizeFor(scopes)),
            ["code_verifier"] = Bench.Verifier,
            ["redirect_uri"] = Bench.RedirectUri,
        };
        using var content = new FormUrlEncodedContent(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, dialect.Token) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", Bench.Authorization);
        using var answer = await _http.SendAsync(request);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>()
            : throw new InvalidOperationException(
                $"No tokens: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}"
            );
    }

    public static void Require(HttpResponseMessage answer, params ReadOnlySpan<HttpStatusCode> good)
    {
        if (!good.Contains(answer.StatusCode))
        {
            throw new InvalidOperationException(
                $"{answer.RequestMessage!.RequestUri} answered {answer.StatusCode}."
            );
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (Cookies.Header is { Length: > 0 } header)
            {
                request.Headers.Add("Cookie", header);
            }

            var answer = await _http.SendAsync(request);
            Cookies.Take(answer);
            return answer;
        }
    }
}
