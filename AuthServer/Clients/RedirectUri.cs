namespace AuthServer.Clients;

/// <summary>
/// When the redirect URI of a request is one that was registered: by comparing texts, never by parsing what a
/// request brought, since parsers disagree about disguised hosts (RFC 9700 §4.1.3).
/// </summary>
internal static class RedirectUri
{
    private static readonly string[] Loopbacks = ["http://127.0.0.1", "http://[::1]"];

    /// <summary>The one rule for everybody: the same text.</summary>
    public static bool IsSame(string registered, string presented) =>
        string.Equals(registered, presented, StringComparison.Ordinal);

    /// <summary>
    /// The exception for native apps (RFC 8252 §7.3): registered at a loopback address without a port, presented
    /// with any. Not for <c>localhost</c>, which may resolve elsewhere (§8.3).
    /// </summary>
    public static bool IsSameButForThePort(string registered, string presented)
    {
        foreach (var loopback in Loopbacks)
        {
            if (
                AfterOrigin(registered, loopback) is { } path
                && AfterOrigin(presented, $"{loopback}:") is { } rest
            )
            {
                var port = rest[..(rest.Length - Math.Min(path.Length, rest.Length))];
                return IsPort(port) && IsSame(path, rest[port.Length..]);
            }
        }

        return false;
    }

    // What follows the origin; null when the text begins otherwise or goes on with more of a host or a port.
    private static string? AfterOrigin(string uri, string origin) =>
        uri.StartsWith(origin, StringComparison.Ordinal)
        && (origin.EndsWith(':') || uri.Length == origin.Length || uri[origin.Length] is '/' or '?')
            ? uri[origin.Length..]
            : null;

    /// <summary>
    /// The origin of the pages at a registered URI; null for an app's own scheme, and for an app on a device that takes
    /// the port that it gets.
    /// </summary>
    public static string? BrowserOrigin(string registered) =>
        Loopbacks.Any(loopback => AfterOrigin(registered, loopback) is not null)
        || !Uri.TryCreate(registered, UriKind.Absolute, out var uri)
        || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp)
            ? null
            : uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    private static bool IsPort(string text) =>
        text.Length is >= 1 and <= 5
        && text[0] != '0'
        && text.All(char.IsAsciiDigit)
        && int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) <= 65_535;
}
