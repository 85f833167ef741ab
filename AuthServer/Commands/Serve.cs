using AuthServer.Accounts;
using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Commands.SafeStart;
using AuthServer.Data;
using AuthServer.Keys;

namespace AuthServer.Commands;

/// <summary>Starts the server: each step stands on the one before it.</summary>
internal static class Serve
{
    public static async Task RunAsync(WebApplication app)
    {
        Start.Warn(app);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<DatabaseStartup>();
            await database.MigrateAsync(CancellationToken.None);
            await database.OpenSecretsAsync(CancellationToken.None);
            await scope
                .ServiceProvider.GetRequiredService<MigrationStory>()
                .TellAsync(CancellationToken.None);
            await scope.ServiceProvider.GetRequiredService<KeyLoader>().LoadAsync(CancellationToken.None);
            await scope.ServiceProvider.GetRequiredService<ClientSync>().RunAsync(CancellationToken.None);
            await scope.ServiceProvider.GetRequiredService<UserSeed>().RunAsync();
        }

        app.Lifetime.ApplicationStarted.Register(() => Welcome.Say(app));
        await app.RunAsync();
    }
}
