using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AuthServer.Edge;

/// <summary>Owns what every request passes: logs, headers, origins, input, errors, health. Knows no feature.</summary>
internal static class EdgeModule
{
    public static void AddEdge(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        builder.AddLogs();
        builder.AddKestrelBounds();
        builder.AddSecurityHeaders();
        Proxies.Add(services);
        CrossOrigin.Add(services);
        Drain.Add(services);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Reference.AddTo);
        services.Configure<MvcOptions>(mvc => mvc.Filters.Add<AntiforgeryRefusal>());
    }

    public static void UseEdge(this WebApplication app)
    {
        Proxies.Use(app); // first, for everybody behind it counts and tells addresses
        app.UseMiddleware<OwnAddress>();
        Drain.Use(app);
        app.UseSecurityHeaders(); // outermost, so that an error carries them too
        app.UseMiddleware<RequestLog>(); // sees the status that an error ended in
        CrossOrigin.Use(app); // before whatever refuses, so that a browser client can read the refusal
        UseLanguage(app); // before whatever speaks to people
        app.UseErrors();
        app.UseRouting(); // what is mapped to short-circuit ends here, with all of the above around it
    }

    // What programs read is English, as RFC 6749 §5.2 wants it: ASCII.
    private static void UseLanguage(WebApplication app) =>
        app.UseWhen(
            http => ErrorResponse.FormFor(http.Request) != ErrorForm.OAuth,
            people => people.UseRequestLocalization()
        );

    /// <summary>Reads the body, so it comes after whatever can be decided without.</summary>
    public static void UseInput(this WebApplication app) => app.UseMiddleware<InputGuard>();

    public static void MapEdge(this WebApplication app)
    {
        // Liveness asks nothing and nobody: a database that is away is no reason to restart the server.
        app.MapHealthChecks(
                "/health/live",
                new()
                {
                    Predicate = _ => false,
                    ResponseWriter = (http, _) => http.Response.WriteAsync("live"),
                }
            )
            .ShortCircuit();
        app.MapHealthChecks("/health/ready", new() { ResponseWriter = WriteReadinessAsync }).ShortCircuit();
    }

    private static Task WriteReadinessAsync(HttpContext http, HealthReport report) =>
        http.Response.WriteAsync(
            report.Status == HealthStatus.Unhealthy
                ? "not ready"
                : string.Join(", ", ["ready", .. Remarks(http, report)])
        );

    private static IEnumerable<string> Remarks(HttpContext http, HealthReport report)
    {
        var degraded = report.Entries.Values.Where(entry => entry.Status == HealthStatus.Degraded).ToList();
        if (degraded.Count > 0)
        {
            yield return $"degraded: {string.Join("; ", degraded.Select(entry => entry.Description))}";
        }

        var said = http.RequestServices.GetRequiredService<IOptions<Readiness>>().Value.Unsafe;
        if (said.Count > 0)
        {
            yield return $"unsafe: {string.Join("; ", said)}";
        }
    }
}
