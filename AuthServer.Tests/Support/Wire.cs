using System.Net.Http.Headers;
using System.Text;

namespace AuthServer.Tests.Support;

/// <summary>Requests as a test writes them, byte for byte, and nothing that a client library would add or mend.</summary>
internal static class Wire
{
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>The header of RFC 7617, without the form encoding that RFC 6749 §2.3.1 puts inside.</summary>
    public static string Basic(string id, string secret) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"))}";

    public static Task<Answer> PostAsync(
        this Server server,
        string path,
        string body,
        string? authorization = null,
        string? contentType = Form
    ) => server.SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(body), authorization, contentType);

    public static async Task<Answer> SendAsync(
        this Server server,
        HttpMethod method,
        string path,
        byte[]? body = null,
        string? authorization = null,
        string? contentType = Form
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            // The server refuses what is too much before it is sent; a client that sends all the same is cut off.
            request.Headers.ExpectContinue = body.Length > 64 * 1024;
            request.Content.Headers.ContentType = contentType is null
                ? null
                : MediaTypeHeaderValue.Parse(contentType);
        }

        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await RelyingParty.Spa(server).SendAsync(request);
    }
}
