namespace AuthServer.Accounts;

/// <summary>The only way in which a page may send a browser onwards: to a path of this server.</summary>
internal static class ReturnUrl
{
    private const string Home = "/";

    /// <summary>The path when it leads back to this server, else the home page.</summary>
    public static string OrHome(string? url) => Local(url) ?? Home;

    /// <summary>The path when it leads back to this server, else null.</summary>
    public static string? Local(string? url) => IsLocal(url) ? url : null;

    // Browsers read '\' as '/', and drop tabs and line breaks before they look for a host. A URL has neither, nor
    // anything beyond ASCII: what we made ourselves is encoded.
    private static bool IsLocal(string? url) =>
        url is ['/', ..] && url is not ['/', '/', ..] && url.All(c => c is > ' ' and < '\x7f' and not '\\');
}
