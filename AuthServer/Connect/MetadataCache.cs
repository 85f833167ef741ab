using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OpenIddict.Server;

namespace AuthServer.Connect;

/// <summary>
/// Answers for the metadata and the keys with what the engine has once rendered, until the keys turn; and lets clients and
/// APIs keep it for a while: the engine sends neither <c>Cache-Control</c> nor <c>ETag</c>.
/// </summary>
internal sealed class MetadataCache
{
    // An hour is far less than the day that a key is published before it signs.
    private const string CacheControl = "public, max-age=3600";

    // As the client asked for it: anything else than these is the engine's to answer.
    private static readonly string[] Paths =
    [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/jwks",
    ];

    private readonly RequestDelegate _next;
    private ConcurrentDictionary<string, Rendered> _kept = new(StringComparer.Ordinal);

    public MetadataCache(RequestDelegate next, IOptionsMonitor<OpenIddictServerOptions> options)
    {
        _next = next;
        options.OnChange(_ => _kept = new(StringComparer.Ordinal));
    }

    /// <summary>Adds both headers to a successful answer, and answers 304 to who has it already.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (
            !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            || Array.Find(Paths, path => path == request.Path.Value) is not { } asked
            || request.QueryString.HasValue
        )
        {
            await _next(http);
            return;
        }

        // Looked at before it is rendered: what was rendered with keys that turn meanwhile is kept by nobody.
        var kept = _kept;
        if (!kept.TryGetValue(asked, out var answer))
        {
            answer = await RenderAsync(http);
            if (answer is null)
            {
                return;
            }

            kept[asked] = answer;
        }

        await SendAsync(http, answer);
    }

    // Null when the engine answers something else than it should; then that has been sent.
    private async Task<Rendered?> RenderAsync(HttpContext http)
    {
        var (body, method) = (http.Response.Body, http.Request.Method);
        using var buffer = new MemoryStream();
        http.Response.Body = buffer;
        // The engine knows GET only; the server below sends no body after HEAD.
        http.Request.Method = HttpMethods.Get;
        try
        {
            await _next(http);
        }
        finally
        {
            http.Response.Body = body;
            http.Request.Method = method;
        }

        if (http.Response.StatusCode == StatusCodes.Status200OK)
        {
            return new Rendered(buffer.ToArray(), http.Response.ContentType);
        }

        buffer.Position = 0;
        await buffer.CopyToAsync(body, http.RequestAborted);
        return null;
    }

    private static async Task SendAsync(HttpContext http, Rendered answer)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = CacheControl;
        headers.ETag = answer.Tag;
        headers.Remove(HeaderNames.Pragma);
        headers.Remove(HeaderNames.Expires);
        if (Knows(http.Request, answer.Tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            http.Response.ContentLength = null;
            headers.Remove(HeaderNames.ContentType);
            return;
        }

        http.Response.ContentType = answer.ContentType;
        http.Response.ContentLength = answer.Body.Length;
        await http.Response.BodyWriter.WriteAsync(answer.Body, http.RequestAborted);
    }

    // RFC 9110 §13.1.2: a list, compared weakly, since a proxy that compresses makes a weak one of ours.
    private static bool Knows(HttpRequest request, string etag) =>
        request.Headers.IfNoneMatch.Count > 0
        && EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(tag =>
            tag.Equals(EntityTagHeaderValue.Any)
            || tag.Compare(new EntityTagHeaderValue(etag), useStrongComparison: false)
        );

    private sealed record Rendered(byte[] Body, string? ContentType)
    {
        public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Body)[..16])}\"";
    }
}
