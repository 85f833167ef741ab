using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Connect;

/// <summary>
/// Lets clients and APIs keep the metadata and the keys for a while: the engine sends neither <c>Cache-Control</c>
/// nor <c>ETag</c>.
/// </summary>
internal static class MetadataCache
{
    // An hour is far less than the day that a key is published before it signs.
    private const string CacheControl = "public, max-age=3600";

    /// <summary>Adds both headers to a successful answer, and answers 304 to who has it already.</summary>
    public static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var method = http.Request.Method;
        if (
            !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
            || !http.Request.Path.StartsWithSegments("/.well-known", StringComparison.Ordinal)
        )
        {
            await next(http);
            return;
        }

        var body = http.Response.Body;
        using var buffer = new MemoryStream();
        http.Response.Body = buffer;
        // The engine knows GET only; the server below sends no body after HEAD.
        http.Request.Method = HttpMethods.Get;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
            http.Request.Method = method;
        }

        if (http.Response.StatusCode == StatusCodes.Status200OK)
        {
            var etag =
                $"\"{Convert.ToHexStringLower(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length))[..16])}\"";
            http.Response.Headers.CacheControl = CacheControl;
            http.Response.Headers.ETag = etag;
            http.Response.Headers.Remove(HeaderNames.Pragma);
            http.Response.Headers.Remove(HeaderNames.Expires);
            if (Knows(http.Request, etag))
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                http.Response.ContentLength = null;
                http.Response.Headers.Remove(HeaderNames.ContentType);
                return;
            }
        }

        buffer.Position = 0;
        await buffer.CopyToAsync(body, http.RequestAborted);
    }

    // RFC 9110 §13.1.2: a list, compared weakly, since a proxy that compresses makes a weak one of ours.
    private static bool Knows(HttpRequest request, string etag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(tag =>
            tag.Equals(EntityTagHeaderValue.Any)
            || tag.Compare(new EntityTagHeaderValue(etag), useStrongComparison: false)
        );
}
