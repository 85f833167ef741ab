using AuthServer.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Accounts.External;

/// <summary>
/// The door of all providers: the cookie that their handlers sign an <see cref="ExternalIdentity"/> in to, and what goes
/// with a browser on its way there and back.
/// </summary>
internal static class Arrivals
{
    /// <summary>The authentication scheme of the cookie.</summary>
    public const string Scheme = "external";

    /// <summary>How long the way to a provider and back may take, and what is proved here after it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const string Path = "/account/external";
    private const string Connecting = "connecting";

    // The whole address goes through the provider and back as part of a query.
    private const int LongestReturnUrl = 4000;
    private const int LongestUiLocales = 100;

    /// <summary>What a handler is challenged with.</summary>
    /// <param name="returnUrl">Where the browser goes on in the end.</param>
    /// <param name="connectTo">The account, signed in here, that asks for another login; null for a sign-in.</param>
    /// <param name="uiLocales">The languages that the client asked for, to be spoken after the way back, too.</param>
    public static AuthenticationProperties Depart(
        string? returnUrl,
        string? connectTo = null,
        string? uiLocales = null
    )
    {
        var query = new Dictionary<string, string?>
        {
            ["returnUrl"] = ReturnUrl.Local(returnUrl) is { Length: <= LongestReturnUrl } local
                ? local
                : null,
            ["ui_locales"] = uiLocales is { Length: <= LongestUiLocales } ? uiLocales : null,
        };
        var properties = new AuthenticationProperties
        {
            RedirectUri = QueryHelpers.AddQueryString(Path, query),
        };
        if (connectTo is not null)
        {
            properties.Items[Connecting] = connectTo;
        }

        return properties;
    }

    /// <summary>What <see cref="Depart"/> gave, without whatever a handler has added on the way.</summary>
    public static AuthenticationProperties Returned(AuthenticationProperties arrived)
    {
        var properties = new AuthenticationProperties { RedirectUri = arrived.RedirectUri ?? Path };
        if (arrived.Items.TryGetValue(Connecting, out var account))
        {
            properties.Items[Connecting] = account;
        }

        return properties;
    }

    /// <summary>Which account asked for another login when this browser left; null for a sign-in.</summary>
    public static string? ConnectingTo(AuthenticateResult arrived) =>
        arrived.Properties?.Items.TryGetValue(Connecting, out var account) == true ? account : null;

    public static void AddCookie(IServiceCollection services)
    {
        services.AddAuthentication().AddCookie(Scheme);
        services
            .AddOptions<CookieAuthenticationOptions>(Scheme)
            .Configure<Issuer>(
                (cookie, issuer) =>
                {
                    cookie.Cookie = Cookie(issuer, "external");
                    cookie.ExpireTimeSpan = Lifetime;
                    cookie.SlidingExpiration = false;
                }
            );
    }

    /// <summary>A cookie of this host, for the way back from another site (<c>SameSite=Lax</c>), that scripts cannot read.</summary>
    public static CookieBuilder Cookie(Issuer issuer, string name) =>
        new()
        {
            // The prefix binds the cookie to this host over TLS; a browser refuses it over plain http.
            Name = issuer.IsSecure ? $"__Host-{name}" : name,
            SecurePolicy = issuer.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest,
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
        };
}
