using AuthServer.Data;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

/// <summary>Owns who is signed in where, what hangs on it, and its end.</summary>
internal static class SessionsModule
{
    public static void AddSessions(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services
            .AddSection<SessionsOptions>("Sessions")
            .Validate(
                options =>
                    options.IdleTimeout > TimeSpan.Zero && options.AbsoluteLifetime >= options.IdleTimeout,
                "Sessions:IdleTimeout must be positive and not longer than Sessions:AbsoluteLifetime."
            );

        services.AddSingleton<LiveSessions>();
        services.AddScoped<SessionRegistry>();
        services.AddScoped<SessionCookie>();
        services.AddScoped<RefreshFamilies>();
        services.AddSingleton<Rotation>();

        services.AddAuthentication(SignIn.Scheme).AddCookie(SignIn.Scheme);
        services
            .AddOptions<CookieAuthenticationOptions>(SignIn.Scheme)
            .Configure<Issuer, IOptions<SessionsOptions>>(Configure);
    }

    private static void Configure(
        CookieAuthenticationOptions cookie,
        Issuer issuer,
        IOptions<SessionsOptions> sessions
    )
    {
        // The prefix binds the cookie to this host over TLS; a browser refuses it over plain http.
        cookie.Cookie.Name = issuer.IsSecure ? "__Host-session" : "session";
        cookie.Cookie.SecurePolicy = issuer.IsSecure
            ? CookieSecurePolicy.Always
            : CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.Path = "/";
        cookie.ExpireTimeSpan = sessions.Value.AbsoluteLifetime;
        cookie.SlidingExpiration = false;
        cookie.Events.OnValidatePrincipal = SessionCookie.ValidateAsync;
    }
}
