using AuthServer.Audit;
using AuthServer.Edge;
using Microsoft.Extensions.Primitives;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>
/// Refuses a protocol request that says one thing twice (RFC 6749 §3.1 and §3.2) or says it where it must not be
/// said, before the engine picks one of the two.
/// </summary>
internal static class ParameterGuard
{
    // RFC 8707 §2 and RFC 8693 §2.1 let these two be repeated.
    private static readonly string[] Repeatable = [Parameters.Resource, Parameters.Audience];

    /// <summary>Answers 400 where <see cref="Mistake"/> finds one.</summary>
    public static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.StartsWithSegments("/connect", StringComparison.OrdinalIgnoreCase))
        {
            var form = http.Request.HasFormContentType
                ? await http.Request.ReadFormAsync(http.RequestAborted)
                : FormCollection.Empty;
            if (Mistake(http.Request, form) is { } mistake)
            {
                http.RequestServices.GetRequiredService<AuditLog>()
                    .Note(AuditEvent.InputRejected, reason: "the parameters contradict each other");
                await ErrorResponse.WriteAsync(
                    http,
                    Refusal.OfProtocol(400, OpenIddictConstants.Errors.InvalidRequest, mistake)
                );
                return;
            }
        }

        await next(http);
    }

    private static string? Mistake(HttpRequest request, IFormCollection form)
    {
        foreach (
            var (name, values) in Enumerable.Concat<KeyValuePair<string, StringValues>>(request.Query, form)
        )
        {
            if (values.Count > 1 && !Repeatable.Contains(name, StringComparer.Ordinal))
            {
                return IsPlain(name)
                    ? $"The parameter '{name}' is given more than once."
                    : "A parameter is given more than once.";
            }
        }

        if (HttpMethods.IsPost(request.Method) && request.Query.Count > 0 && !IsPage(request.Path))
        {
            return "Parameters belong into the body of the request, not into its URL.";
        }

        if (request.Query.ContainsKey(Parameters.AccessToken))
        {
            // RFC 9700 §4.3.2: URLs are logged.
            return "An access token does not belong into a URL.";
        }

        if (form.ContainsKey(Parameters.AccessToken) && request.Headers.Authorization.Count > 0)
        {
            // RFC 6750 §2.
            return "An access token belongs into the Authorization header or into the form, not into both.";
        }

        return
            BasicCredentials.Of(request) is { } credentials
            && form[Parameters.ClientId] is [{ } stated]
            && stated != credentials.ClientId
            ? "The parameter 'client_id' and the Authorization header name different clients."
            : null;
    }

    // The words of an error are a subset of ASCII (RFC 6749 §5.2), and no place for what somebody else wrote.
    private static bool IsPlain(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    // Pages of ours, whose forms keep the query that they were shown with.
    private static bool IsPage(PathString path) =>
        path.Equals("/connect/consent", StringComparison.OrdinalIgnoreCase);
}
