using System.Net;
using System.Text.RegularExpressions;

namespace Load;

/// <summary>The wire: every call from an address of its choice, cookies by hand, no redirect followed.</summary>
internal sealed partial class Web(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 512,
        }
    )
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public void Dispose() => _http.Dispose();

    public Task<HttpResponseMessage> GetAsync(string url, IPAddress from, Cookies? cookies = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, url), from, cookies);

    public Task<HttpResponseMessage> PostAsync(
        string url,
        IPAddress from,
        Dictionary<string, string> form,
        Cookies? cookies = null
    ) => PostAsync(url, from, new FormUrlEncodedContent(form), cookies);

    public Task<HttpResponseMessage> PostAsync(
        string url,
        IPAddress from,
        HttpContent content,
        Cookies? cookies = null
    ) => SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = content }, from, cookies);

    /// <summary>The hidden field that proves to the server that a form is its own.</summary>
    public static string FormToken(string page) => TokenField().Match(page).Groups["token"].Value;

    public static Outcome OutcomeOf(HttpResponseMessage answer, HttpStatusCode good) =>
        answer.StatusCode == good ? Outcome.Ok
        : answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
            ? Outcome.Refused
        : Outcome.Failed;

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        IPAddress from,
        Cookies? cookies
    )
    {
        using (request)
        {
            request.Headers.Add("X-Forwarded-For", from.ToString());
            if (cookies?.Header is { Length: > 0 } header)
            {
                request.Headers.Add("Cookie", header);
            }

            var answer = await _http.SendAsync(request);
            cookies?.Take(answer);
            return answer;
        }
    }

    [GeneratedRegex(
        "__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex TokenField();
}
