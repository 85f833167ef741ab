using System.Text;

namespace AuthServer.Edge;

/// <summary>What a client says of itself in the <c>Authorization</c> header (RFC 6749 §2.3.1); read in one way wherever it counts.</summary>
/// <param name="ClientId">Who it says to be; may be empty.</param>
/// <param name="Secret">What shall prove it; may be empty.</param>
internal sealed record BasicCredentials(string ClientId, string Secret)
{
    private const string Scheme = "Basic ";

    // More is read too, but not from the stack.
    private const int Usual = 1024;

    /// <summary>Whether there are any, readable or not.</summary>
    public static bool AreIn(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when there are none, or none that can be read.</summary>
    public static BasicCredentials? Of(HttpRequest request)
    {
        if (!AreIn(request))
        {
            return null;
        }

        var encoded = request.Headers.Authorization.ToString().AsSpan(Scheme.Length).Trim();
        var bytes = encoded.Length <= Usual ? stackalloc byte[Usual] : new byte[encoded.Length];
        if (!Convert.TryFromBase64Chars(encoded, bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes[..length]);
        var end = text.IndexOf(':', StringComparison.Ordinal);
        return end < 0 ? null : new BasicCredentials(Decode(text[..end]), Decode(text[(end + 1)..]));
    }

    private static string Decode(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));
}
