using AuthServer.Data;
using Microsoft.Extensions.Options;
using NetEscapades.AspNetCore.SecurityHeaders.Headers;
using NetEscapades.AspNetCore.SecurityHeaders.Infrastructure;

namespace AuthServer.Edge;

/// <summary>The headers that every answer carries, whatever its status.</summary>
internal static class SecurityHeaders
{
    private const string FormPost = "form_post";
    private const int YearInSeconds = 365 * 24 * 60 * 60;

    // Of 'document.form.submit();', the one script of the page by which the engine answers in response_mode=form_post.
    private const string FormPostScript = "j7OoGArf6XW6YY4cAyS3riSSvrJRqpSi1fOF9vQ5SrI=";

    public static void AddSecurityHeaders(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSection<HstsOptions>("Hsts");
        services.AddSingleton<IValidateOptions<HstsOptions>, HstsOptionsCheck>();

        var hsts = Issuer.From(builder.Configuration).IsSecure
            ? Hsts(isPreloaded: !string.IsNullOrEmpty(builder.Configuration["Hsts:PreloadFor"]))
            : null;
        services
            .AddSecurityHeaderPolicies()
            .SetDefaultPolicy(headers => Fill(headers, hsts).AddContentSecurityPolicy(ForPages))
            .AddPolicy(FormPost, headers => Fill(headers, hsts).AddContentSecurityPolicy(ForFormPost))
            .SetPolicySelector(context =>
                context.HttpContext.Request.Path.StartsWithSegments(
                    "/connect/authorize",
                    StringComparison.OrdinalIgnoreCase
                )
                    ? context.ConfiguredPolicies[FormPost]
                    : context.DefaultPolicy
            );
    }

    private static HeaderPolicyCollection Fill(HeaderPolicyCollection headers, string? hsts)
    {
        headers
            .AddFrameOptionsDeny()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyNoReferrer()
            // It keeps a page that opened us in a popup from holding on to the window; clients sign in by a redirect.
            .AddCrossOriginOpenerPolicy(opener => opener.SameOrigin())
            .AddCrossOriginResourcePolicy(resource => resource.SameOrigin())
            .AddPermissionsPolicy(permissions =>
            {
                permissions.AddCamera().None();
                permissions.AddMicrophone().None();
                permissions.AddGeolocation().None();
                permissions.AddPayment().None();
                permissions.AddUsb().None();
                permissions.AddDisplayCapture().None();
            });
        headers["Cache-Control"] = new NoStoreByDefault();

        // By the issuer, not by the request: TLS may end at a proxy. A browser ignores it over plain http.
        return hsts is null ? headers : headers.AddCustomHeader("Strict-Transport-Security", hsts);
    }

    private static string Hsts(bool isPreloaded) =>
        $"max-age={YearInSeconds}; includeSubDomains{(isPreloaded ? "; preload" : "")}";

    // There is no form-action: browsers apply it to the redirects that follow a form, and the one after signing in
    // leads back to the client, whose address may even have a scheme of its own.
    private static void ForPages(CspBuilder csp)
    {
        csp.AddDefaultSrc().None();
        csp.AddStyleSrc().Self();
        csp.AddImgSrc().Self().Data();
        csp.AddObjectSrc().None();
        csp.AddFrameAncestors().None();
        csp.AddBaseUri().None();
    }

    private static void ForFormPost(CspBuilder csp)
    {
        ForPages(csp);
        csp.AddScriptSrc().WithHash256(FormPostScript);
    }

    /// <summary>What says nothing about caching is not stored: most answers here are about one person.</summary>
    private sealed class NoStoreByDefault : IHeaderPolicy
    {
        public string Header => "Cache-Control";

        public void Apply(HttpContext context, CustomHeadersResult result)
        {
            if (context.Response.Headers.CacheControl.Count == 0)
            {
                result.SetHeaders[Header] = "no-store";
            }
        }
    }
}
