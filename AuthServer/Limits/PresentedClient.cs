using AuthServer.Edge;

namespace AuthServer.Limits;

/// <summary>Which client a request says to come from, when it brings something to prove it by.</summary>
internal static class PresentedClient
{
    /// <summary>Null without credentials, and with such that cannot be read (RFC 6749 §2.3.1).</summary>
    public static async ValueTask<string?> OfAsync(HttpRequest request)
    {
        if (BasicCredentials.AreIn(request))
        {
            return BasicCredentials.Of(request) is { ClientId.Length: > 0 } credentials
                ? credentials.ClientId
                : null;
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
}
