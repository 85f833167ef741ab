using System.IO.Pipelines;
using AuthServer.Audit;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Edge;

/// <summary>
/// Refuses input that nobody should have to decode: NUL, invalid UTF-8, more than is sane. Reads the form before
/// anybody else does, so that one which cannot be read is a refusal and not an exception somewhere inside.
/// </summary>
internal sealed class InputGuard(RequestDelegate next)
{
    // Bytes of the target, and of all header lines together.
    private const int MaxTarget = 16 * 1024;
    private const int MaxHeaders = 16 * 1024;

    private const string UrlEncoded = "application/x-www-form-urlencoded";

    private static readonly Refusal NotText = new(
        400,
        "The request contains NUL or bytes that are not UTF-8."
    );
    private static readonly Refusal TargetTooLong = new(414, "The address is too long.");
    private static readonly Refusal HeadersTooLong = new(
        431,
        "The headers of the request are too long. Delete the cookies of this site and try again."
    );
    private static readonly Refusal QueryTooLong = new(400, "The query of the address is too long.");
    private static readonly Refusal FormTooLarge = new(
        400,
        "The form has too many fields, or a field that is too long."
    );
    private static readonly Refusal NotUrlEncoded = new(
        415,
        "Forms are accepted as application/x-www-form-urlencoded only."
    );

    public async Task InvokeAsync(HttpContext http)
    {
        var refusal = CheckTarget(http) ?? await CheckFormAsync(http.Request, http.RequestAborted);
        if (refusal is null)
        {
            await next(http);
            return;
        }

        http.RequestServices.GetRequiredService<AuditLog>()
            .Note(AuditEvent.InputRejected, reason: refusal.Sentence);
        await ErrorResponse.WriteAsync(http, refusal);
    }

    private static Refusal? CheckTarget(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.Length > MaxTarget)
        {
            return TargetTooLong;
        }

        if (http.Request.QueryString.Value?.Length > KestrelBounds.Query)
        {
            return QueryTooLong;
        }

        return SizeOf(http.Request.Headers) > MaxHeaders ? HeadersTooLong
            : EncodedText.IsClean(target) ? null
            : NotText;
    }

    // With the ": " and the line break of each.
    private static int SizeOf(IHeaderDictionary headers)
    {
        var size = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                size += name.Length + (value?.Length ?? 0) + 4;
            }
        }

        return size;
    }

    private static async ValueTask<Refusal?> CheckFormAsync(
        HttpRequest request,
        CancellationToken cancellation
    )
    {
        if (IsOf(request, "multipart/form-data"))
        {
            return NotUrlEncoded;
        }

        if (!IsOf(request, UrlEncoded))
        {
            return null;
        }

        if (!IsReadable(request.ContentType))
        {
            return NotUrlEncoded;
        }

        if (!await IsCleanAsync(request.BodyReader, cancellation))
        {
            return NotText;
        }

        try
        {
            await request.ReadFormAsync(cancellation);
            return null;
        }
        catch (InvalidDataException)
        {
            return FormTooLarge;
        }
    }

    // Looks at the whole body, which the server keeps under its limit, and leaves it unread for the parser.
    private static async ValueTask<bool> IsCleanAsync(PipeReader body, CancellationToken cancellation)
    {
        var read = await body.ReadAsync(cancellation);
        while (!read.IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync(cancellation);
        }

        var isClean = EncodedText.IsClean(read.Buffer);
        body.AdvanceTo(read.Buffer.Start);
        return isClean;
    }

    // In the encodings whose letters are those of UTF-8 as far as a form has any: the rest is percent-encoded.
    private static bool IsReadable(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(UrlEncoded, StringComparison.OrdinalIgnoreCase)
        && type.Charset.Value?.ToUpperInvariant() is null or "" or "UTF-8" or "US-ASCII" or "ISO-8859-1";

    private static bool IsOf(HttpRequest request, string mediaType) =>
        request.ContentType?.StartsWith(mediaType, StringComparison.OrdinalIgnoreCase) == true;
}
