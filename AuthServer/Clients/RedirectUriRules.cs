using System.Buffers;

namespace AuthServer.Clients;

/// <summary>What may be registered as a redirect URI: nothing that two parsers could read differently.</summary>
internal static class RedirectUriRules
{
    private const int MaxLength = 2_000;

    // The characters of RFC 3986, without '*' (nobody means it literally), '#' and '@' (told of separately).
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]!$&'()+,;=%"
    );

    // What we ourselves add to the query of the answer.
    private static readonly string[] OfTheAnswer =
    [
        "code",
        "state",
        "iss",
        "error",
        "error_description",
        "response",
    ];

    /// <summary>What is wrong with the URI and how to cure it, to follow its name in a sentence; null when it may be registered.</summary>
    public static string? Fault(string uri) =>
        FaultOfText(uri)
        ?? (IsWeb(uri) ? FaultOfWeb(uri) : FaultOfScheme(uri))
        ?? FaultOfPath(uri)
        ?? FaultOfQuery(uri);

    private static string? FaultOfText(string uri)
    {
        if (uri.Length > MaxLength)
        {
            return $"is longer than {MaxLength} characters: shorten it.";
        }

        if (uri.Contains('*', StringComparison.Ordinal))
        {
            return "has a wildcard, and redirect URIs are compared exactly: list every URI in full.";
        }

        if (uri.Contains('#', StringComparison.Ordinal))
        {
            return "has a fragment, which no redirect URI may have (RFC 6749 section 3.1.2): remove the '#' and what follows.";
        }

        if (uri.Contains('@', StringComparison.Ordinal))
        {
            return "has an '@', which disguises hosts: remove it, or write %40 in a path or query.";
        }

        return uri.AsSpan().ContainsAnyExcept(Allowed)
            ? "has a space, a backslash, a control character or another one that no URI has: percent-encode it, and write an international host name in its 'xn--' form."
            : null;
    }

    private static bool IsWeb(string uri) =>
        uri.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
        || uri.StartsWith("http:", StringComparison.OrdinalIgnoreCase);

    private static string? FaultOfWeb(string uri)
    {
        var isSecure = uri.StartsWith("https://", StringComparison.Ordinal);
        if (
            !(isSecure || uri.StartsWith("http://", StringComparison.Ordinal))
            || !Uri.TryCreate(uri, UriKind.Absolute, out var parsed)
        )
        {
            return "is not an absolute URI: write it as https://host/path.";
        }

        // A host that the parser had to rewrite (127.1, 0x7f.0.0.1) is one that others may read differently.
        var authority = Authority(uri);
        var host = parsed.HostNameType == UriHostNameType.IPv6 ? $"[{parsed.IdnHost}]" : parsed.IdnHost;
        if (authority != host && authority != $"{host}:{Port(parsed)}")
        {
            return $"has an unusual host or port: write '{host}' in its plain form, in lower case.";
        }

        return isSecure || host is "localhost" or "127.0.0.1" or "[::1]"
            ? null
            : "is sent over http, which anybody on the way can read: use https (http is for localhost, 127.0.0.1 and [::1] only).";
    }

    private static string Authority(string uri)
    {
        var rest = uri[(uri.IndexOf("//", StringComparison.Ordinal) + 2)..];
        var end = rest.AsSpan().IndexOfAny('/', '?');
        return end < 0 ? rest : rest[..end];
    }

    private static string Port(Uri uri) =>
        uri.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // Only an app's own scheme, made of a domain name, belongs to it and to nobody else (RFC 8252 §7.1); 'javascript',
    // 'data', 'file' and their like have no dot.
    private static string? FaultOfScheme(string uri)
    {
        var end = uri.IndexOf(':', StringComparison.Ordinal);
        var scheme = end < 0 ? "" : uri[..end];
        if (
            scheme.Length == 0
            || !Uri.CheckSchemeName(scheme)
            || !Uri.TryCreate(uri, UriKind.Absolute, out _)
        )
        {
            return "is not an absolute URI: write it as https://host/path.";
        }

        return scheme.Contains('.', StringComparison.Ordinal)
            ? null
            : $"has the scheme '{scheme}', which is not the client's own: use https, or a private-use scheme that is a reversed domain name, as in com.example.app:/callback (RFC 8252 section 7.1).";
    }

    private static string? FaultOfPath(string uri)
    {
        // Decoded as often as a careless proxy might.
        var path = uri.Split('?')[0];
        path = Uri.UnescapeDataString(Uri.UnescapeDataString(Uri.UnescapeDataString(path)));
        if (path.Any(c => char.IsControl(c) || c == '\\'))
        {
            return "has an encoded backslash or control character: remove it.";
        }

        return path.Split('/', ':', '?').Any(segment => segment is "." or "..")
            ? "has '.' or '..' in its path: write the path that it leads to."
            : null;
    }

    private static string? FaultOfQuery(string uri)
    {
        var start = uri.IndexOf('?', StringComparison.Ordinal);
        var names = start < 0 ? [] : uri[(start + 1)..].Split('&').Select(pair => pair.Split('=')[0]);
        return names.FirstOrDefault(OfTheAnswer.Contains) is { } name
            ? $"has '{name}' in its query, which the answer of an authorization uses itself: rename it."
            : null;
    }
}
