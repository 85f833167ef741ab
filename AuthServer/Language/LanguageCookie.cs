using AuthServer.Data;

namespace AuthServer.Language;

/// <summary>Remembers in a browser the language of the person who signed in with it, so that the pages speak it before and after.</summary>
internal static class LanguageCookie
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Remembers the account's language here, or forgets what was remembered when it has none.</summary>
    public static void Remember(HttpContext http, Account account)
    {
        var issuer = http.RequestServices.GetRequiredService<Issuer>();
        var cookie = new CookieOptions
        {
            HttpOnly = true,
            Secure = issuer.IsSecure,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
        };
        if (account.Language is { } language)
        {
            cookie.MaxAge = Lifetime;
            http.Response.Cookies.Append(NameFor(issuer), language, cookie);
        }
        else if (Read(http) is not null)
        {
            http.Response.Cookies.Delete(NameFor(issuer), cookie);
        }
    }

    /// <summary>Null when nothing was remembered.</summary>
    public static string? Read(HttpContext http) =>
        http.Request.Cookies[NameFor(http.RequestServices.GetRequiredService<Issuer>())];

    private static string NameFor(Issuer issuer) => issuer.IsSecure ? "__Host-language" : "language";
}
