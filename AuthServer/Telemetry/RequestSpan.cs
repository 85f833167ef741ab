using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

namespace AuthServer.Telemetry;

/// <summary>
/// Decides by chance which requests are traced. Whoever calls may name the trace that a request belongs to, but neither
/// the flag in <c>traceparent</c> nor the trace id, which is as much the caller's choice, has a say: on a public server
/// either would let strangers fill the store, or hide from it. The span, and the metrics, are named by the route: never by
/// the path or the query, which are whatever the caller sends.
/// </summary>
internal sealed class RequestSpan(RequestDelegate next, IOptions<TelemetryOptions> options)
{
    private static readonly string[] Known =
    [
        HttpMethods.Get,
        HttpMethods.Head,
        HttpMethods.Post,
        HttpMethods.Put,
        HttpMethods.Delete,
        HttpMethods.Options,
        HttpMethods.Patch,
        HttpMethods.Trace,
        HttpMethods.Connect,
    ];

    public async Task InvokeAsync(HttpContext http)
    {
        var span = http.Features.Get<IHttpActivityFeature>()?.Activity;
        if (
            !IsChosen() || http.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        )
        {
            Drop(span);
        }

        await next(http);

        var endpoint = EndpointOf(http);
        var route = RouteOf(endpoint);
        // The framework knows no route for what the engine answers.
        if (route is null && OfEngine(http) is { } own)
        {
            route = own;
            http.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(new("http.route", own));
        }

        if (endpoint?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
        {
            Drop(span);
        }

        if (span is { IsAllDataRequested: true })
        {
            Describe(span, http, route);
        }
    }

    [SuppressMessage("Security", "CA5394", Justification = "Chance decides what is traced, nothing else.")]
    private bool IsChosen() => Random.Shared.NextDouble() < options.Value.Traces.SamplingRatio;

    private static void Describe(Activity span, HttpContext http, string? route)
    {
        var method = MethodOf(http.Request);
        var status = http.Response.StatusCode;
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.request.method", method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture));
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    // Not sent, nor what happens within.
    private static void Drop(Activity? span)
    {
        if (span is not null)
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    // An exception has taken the endpoint off the request.
    private static Endpoint? EndpointOf(HttpContext http) =>
        http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();

    private static string? RouteOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route is { Length: > 0 } route
            ? $"/{route.TrimStart('/')}"
            : null;

    // As it is configured, for the engine takes other spellings of a path for the same.
    private static string? OfEngine(HttpContext http) =>
        http.Features.Get<OpenIddictServerAspNetCoreFeature>()?.Transaction is { } transaction
        && transaction.EndpointType is not OpenIddictServerEndpointType.Unknown
            ? PathsOf(transaction.Options)
                .FirstOrDefault(path =>
                    http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)
                )
            : null;

    private static IEnumerable<string> PathsOf(OpenIddictServerOptions engine) =>
        from uris in (IEnumerable<List<Uri>>)
            [
                engine.ConfigurationEndpointUris,
                engine.JsonWebKeySetEndpointUris,
                engine.IntrospectionEndpointUris,
                engine.PushedAuthorizationEndpointUris,
                engine.RevocationEndpointUris,
            ]
        from uri in uris
        where !uri.IsAbsoluteUri
        select $"/{uri.OriginalString.TrimStart('/')}";

    // OpenTelemetry's semantic conventions for HTTP: a method that nobody knows is not repeated.
    private static string MethodOf(HttpRequest request) =>
        Array.Find(Known, method => method == request.Method) ?? "_OTHER";
}
