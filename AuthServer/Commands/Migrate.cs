using AuthServer.Data;

namespace AuthServer.Commands;

/// <summary>The verb <c>migrate</c>.</summary>
internal static class Migrate
{
    public static async Task RunAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<DatabaseStartup>()
            .MigrateAsync(CancellationToken.None);
    }
}
