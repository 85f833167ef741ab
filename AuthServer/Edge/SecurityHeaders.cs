using AuthServer.Data;
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
        var isHttps = Issuer.From(builder.Configuration).IsSecure;
        builder
            .Services.AddSecurityHeaderPolicies()
            .SetDefaultPolicy(headers => Fill(headers, isHttps).AddContentSecurityPolicy(ForPages))
            .AddPolicy(FormPost, headers => Fill(headers, isHttps).AddContentSecurityPolicy(ForFormPost))
            .SetPolicySelector(context =>
                context.HttpContext.Request.Path.StartsWithSegments(
                    "/connect/authorize",
                    StringComparison.OrdinalIgnoreCase
                )
                    ? context.ConfiguredPolicies[FormPost]
                    : context.DefaultPolicy
            );
    }

    private static HeaderPolicyCollection Fill(HeaderPolicyCollection headers, bool isHttps)
    {
        headers
            .AddFrameOptionsDeny()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyNoReferrer()
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
        return isHttps
            ? headers.AddCustomHeader(
                "Strict-Transport-Security",
                $"max-age={YearInSeconds}; includeSubDomains"
            )
            : headers;
    }

    // There is no form-action: browsers apply it to the redirects that follow a form, and the one after signing in
    // leads back to the client, whose address may even have a scheme of its own.
    private static void ForPages(CspBuilder csp)
    {
        csp.AddDefaultSrc().None();
        csp.AddStyleSrc().Self();
        csp.AddImgSrc().Self().Data();
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
