namespace AuthServer.Edge;

/// <summary>Owns what every request passes: logs, headers, input, errors, health.</summary>
internal static class EdgeModule
{
    public static void AddEdge(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
    }

    public static void UseEdge(this WebApplication app) => _ = app;

    public static void MapEdge(this WebApplication app) =>
        app.MapGet("/health/live", () => Results.Text("live"));
}
