using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Drills;

/// <summary>The wire, with the patience of a good client: no answer within four seconds is no answer.</summary>
internal sealed class Web(HttpMessageHandler handler) : IDisposable
{
    public const string ClientId = "drill";
    public const string Secret = "drill-only-client-secret-0123456789abcdef";

    private readonly HttpClient _http = new(handler, disposeHandler: false)
    {
        BaseAddress = new Uri("http://balancer/"),
        Timeout = TimeSpan.FromSeconds(4),
    };

    public Task<Answer> GetAsync(string url, Dictionary<string, string>? cookies = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, url), cookies);

    public Task<Answer> PostAsync(
        string url,
        IEnumerable<(string Name, string Value)> form,
        Dictionary<string, string>? cookies = null
    ) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new FormUrlEncodedContent(
                    form.Select(field => KeyValuePair.Create(field.Name, field.Value))
                ),
            },
            cookies
        );

    public Task<Answer> PostJsonAsync(string url, object body) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new StringContent(
                    JsonSerializer.Serialize(body),
                    Encoding.UTF8,
                    "application/json"
                ),
            },
            cookies: null
        );

    /// <summary>What a client asks that proves itself: the form, with its name and secret in the header.</summary>
    public Task<Answer> AskAsync(string url, params IEnumerable<(string Name, string Value)> form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new FormUrlEncodedContent(
                form.Select(field => KeyValuePair.Create(field.Name, field.Value))
            ),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ClientId}:{Secret}"))
        );
        return SendAsync(request, cookies: null);
    }

    public Task<Answer> RefreshAsync(string token) =>
        AskAsync("connect/token", ("grant_type", "refresh_token"), ("refresh_token", token));

    public Task<Answer> RevokeAsync(string token) => AskAsync("connect/revoke", ("token", token));

    /// <summary>Whether a token is good. Asking ends nothing.</summary>
    public async Task<bool> IsActiveAsync(string token)
    {
        var answer = await Persist.UntilAsync(() => AskAsync("connect/introspect", ("token", token)));
        return answer["active"] == "True";
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpRequestMessage request, Dictionary<string, string>? cookies)
    {
        using (request)
        {
            if (cookies?.Count > 0)
            {
                request.Headers.Add("Cookie", string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}")));
            }

            try
            {
                using var answer = await _http.SendAsync(request);
                Keep(cookies, answer);
                var text = await answer.Content.ReadAsStringAsync();
                return new Answer(answer.StatusCode, text, answer.Headers.Location);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                return new Answer(Status: null, "cut");
            }
            catch (TaskCanceledException)
            {
                return new Answer(Status: null, "timeout");
            }
        }
    }

    private static void Keep(Dictionary<string, string>? cookies, HttpResponseMessage answer)
    {
        if (cookies is not null && answer.Headers.TryGetValues("Set-Cookie", out var lines))
        {
            foreach (var pair in lines.Select(line => line.Split(';')[0].Split('=', 2)))
            {
                cookies[pair[0]] = pair[1];
            }
        }
    }
}
