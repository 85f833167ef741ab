using System.Text;

namespace AuthServer.Limits;

/// <summary>Which client a request says to come from, when it brings something to prove it by.</summary>
internal static class PresentedClient
{
    private const string Basic = "Basic ";

    /// <summary>Null without credentials, and with such that cannot be read (RFC 6749 §2.3.1).</summary>
    public static async ValueTask<string?> OfAsync(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return OfHeader(header[Basic.Length..].Trim());
        }

        if (!request.HasFormContentType)
        {
            return null;
        }

        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        // An assertion is no proof here: no client of ours can register a key.
        return form["client_secret"] is [{ Length: > 0 }] && form["client_id"] is [{ Length: > 0 } client]
            ? client
            : null;
    }

    private static string? OfHeader(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var end = text.IndexOf(':', StringComparison.Ordinal);
        return end < 1 ? null : Uri.UnescapeDataString(text[..end].Replace('+', ' '));
    }
}
