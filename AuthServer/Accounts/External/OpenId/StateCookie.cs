using AuthServer.Data;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>
/// The cookie that binds an answer to the browser that asked. Where a provider answers by a form of its own site
/// (Apple), the cookie must come along with that.
/// </summary>
internal sealed class StateCookie : CookieBuilder
{
    private const string FromAnotherSite = "AuthServer.FormPost";

    public StateCookie(Issuer issuer)
    {
        var cookie = Arrivals.Cookie(issuer, "external-state");
        (Name, Path, IsEssential, HttpOnly) = (cookie.Name, cookie.Path, cookie.IsEssential, cookie.HttpOnly);
        (SecurePolicy, SameSite) = (cookie.SecurePolicy, cookie.SameSite);
    }

    /// <summary>Has the cookies of this request allow a form of another site.</summary>
    public static void Allow(HttpContext http) => http.Items[FromAnotherSite] = true;

    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        if (context.Items.ContainsKey(FromAnotherSite))
        {
            // A browser takes the one only with the other.
            (options.SameSite, options.Secure) = (SameSiteMode.None, true);
        }

        return options;
    }
}
