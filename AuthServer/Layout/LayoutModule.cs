using AuthServer.Data;
using Microsoft.AspNetCore.Antiforgery;

namespace AuthServer.Layout;

/// <summary>Owns the frame around every page. The pages themselves live with their feature.</summary>
internal static class LayoutModule
{
    public static void AddLayout(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorPages().WithRazorPagesAtContentRoot();
        // Otherwise a POST to nowhere would be 405 in development and 404 in production.
        builder.Configuration["DisableStaticAssetNotFoundRuntimeFallback"] = "true";
        builder.Services.AddOptions<AntiforgeryOptions>().Configure<Issuer>(Configure);
    }

    public static void MapLayout(this WebApplication app)
    {
        app.MapStaticAssets().ShortCircuit();
        app.UseMiddleware<PagesOnDemand>();
    }

    private static void Configure(AntiforgeryOptions antiforgery, Issuer issuer)
    {
        antiforgery.Cookie.Name = issuer.IsSecure ? "__Host-csrf" : "csrf";
        antiforgery.Cookie.SecurePolicy = issuer.IsSecure
            ? CookieSecurePolicy.Always
            : CookieSecurePolicy.SameAsRequest;
        antiforgery.Cookie.Path = "/";
        antiforgery.Cookie.HttpOnly = true;
        // Not Strict: a browser sent here by a client would come without it, and the new one that it then gets
        // would invalidate the forms in its other tabs.
        antiforgery.Cookie.SameSite = SameSiteMode.Lax;
        // Framing is refused for every answer, not only for those with a form.
        antiforgery.SuppressXFrameOptionsHeader = true;
    }
}
