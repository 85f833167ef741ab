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
        if (
            !HttpMethods.IsGet(http.Request.Method)
            || !http.Request.Path.StartsWithSegments("/.well-known", StringComparison.Ordinal)
        )
        {
            await next(http);
            return;
        }

        var body = http.Response.Body;
        using var buffer = new MemoryStream();
        http.Response.Body = buffer;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
        }

        if (http.Response.StatusCode == StatusCodes.Status200OK)
        {
            var etag =
                $"\"{Convert.ToHexStringLower(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length))[..16])}\"";
            http.Response.Headers.CacheControl = CacheControl;
            http.Response.Headers.ETag = etag;
            http.Response.Headers.Remove(HeaderNames.Pragma);
            http.Response.Headers.Remove(HeaderNames.Expires);
            if (http.Request.Headers.IfNoneMatch.Contains(etag))
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
}
