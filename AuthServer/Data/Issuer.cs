namespace AuthServer.Data;

/// <summary>
/// Who we are to the outside: the setting <c>Issuer</c> alone decides every URL that we give away, never the
/// Host header of a request.
/// </summary>
internal sealed record Issuer(Uri Uri)
{
    /// <summary>Whether browsers reach us over TLS, so that cookies may be bound to it.</summary>
    public bool IsSecure => Uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>The absolute URL of a path of ours, given without a leading slash.</summary>
    public Uri UrlOf(string path) => new(Uri, path);

    /// <summary>Reads the setting; <c>http://localhost:8080/</c> when there is none.</summary>
    /// <exception cref="StartupException">Not an absolute http(s) URL without query and fragment.</exception>
    public static Issuer From(IConfiguration configuration)
    {
        var text = configuration["Issuer"];
        text = string.IsNullOrEmpty(text) ? "http://localhost:8080/" : text;
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.Query.Length > 0
            || uri.Fragment.Length > 0
            || uri.UserInfo.Length > 0
            || uri.AbsolutePath != "/"
        )
        {
            throw new StartupException(
                $"Issuer is '{text}': set it to the address of this server, such as 'https://login.example.com/', without path, query or fragment."
            );
        }

        return new Issuer(uri);
    }
}
