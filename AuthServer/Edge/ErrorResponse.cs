using System.Globalization;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace AuthServer.Edge;

/// <summary>
/// Tells a refusal in the form that the caller expects. Writes it on the spot rather than sending the request
/// through the pipeline once more: there it would meet the database, which may be what has failed.
/// </summary>
internal static class ErrorResponse
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static readonly PathString[] ProblemPaths = ["/api", "/admin/api"];

    private static readonly PathString[] OAuthPaths =
    [
        "/.well-known",
        "/connect/token",
        "/connect/userinfo",
        "/connect/introspect",
        "/connect/revoke",
        "/connect/par",
        "/connect/device",
    ];

    /// <summary>Tells what the engine said, or else what the status of the response means.</summary>
    public static Task WriteAsync(HttpContext http)
    {
        var status = http.Response.StatusCode;
        return WriteAsync(
            http,
            http.GetOpenIddictServerResponse() is { Error: { } code } response
                ? Refusal.OfProtocol(status, code, response.ErrorDescription)
                : Refusal.Of(status)
        );
    }

    public static Task WriteAsync(HttpContext http, Refusal refusal)
    {
        http.Response.StatusCode = refusal.Status;
        http.Response.Headers.CacheControl = "no-store";
        if (
            (
                refusal.RetryAfter
                ?? (refusal.Status == StatusCodes.Status503ServiceUnavailable ? Soon : (TimeSpan?)null)
            ) is
            { } wait
        )
        {
            // RFC 9110 §10.2.3: whole seconds, and none of them too early.
            http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);
        }

        return FormFor(http.Request) switch
        {
            ErrorForm.OAuth => WriteOAuthAsync(http, refusal),
            ErrorForm.Problem => WriteProblemAsync(http, refusal),
            _ => WritePageAsync(http, refusal),
        };
    }

    /// <summary>By the path, and beyond the known ones by what the caller accepts.</summary>
    public static ErrorForm FormFor(HttpRequest request)
    {
        if (
            Array.Exists(
                ProblemPaths,
                path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            return ErrorForm.Problem;
        }

        if (
            Array.Exists(
                OAuthPaths,
                path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            return ErrorForm.OAuth;
        }

        var accept = request.Headers.Accept.ToString();
        var wantsJson =
            accept.Contains("application/json", StringComparison.OrdinalIgnoreCase)
            && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase);
        return wantsJson ? ErrorForm.Problem : ErrorForm.Page;
    }

    private static Task WriteOAuthAsync(HttpContext http, Refusal refusal) =>
        http.Response.WriteAsJsonAsync(
            new
            {
                error = refusal.Code,
                error_description = refusal.Detail ?? refusal.Sentence,
                reference = Reference.Of(http),
            }
        );

    private static Task WriteProblemAsync(HttpContext http, Refusal refusal)
    {
        var problem = new ProblemDetails
        {
            Status = refusal.Status,
            Title = refusal.Title,
            Detail = refusal.Detail ?? refusal.Sentence,
        };
        Reference.AddTo(new() { HttpContext = http, ProblemDetails = problem });
        return http.Response.WriteAsJsonAsync(problem, options: null, "application/problem+json");
    }

    private static Task WritePageAsync(HttpContext http, Refusal refusal)
    {
        var page = new ViewResult
        {
            ViewName = "/Edge/Error.cshtml",
            StatusCode = refusal.Status,
            ViewData = new ViewDataDictionary<Refusal>(
                new EmptyModelMetadataProvider(),
                new ModelStateDictionary()
            )
            {
                Model = refusal,
            },
        };
        return page.ExecuteResultAsync(new ActionContext(http, new RouteData(), new ActionDescriptor()));
    }
}
