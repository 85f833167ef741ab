using AuthServer.Audit;
using AuthServer.Data;

namespace AuthServer.Commands;

/// <summary>The verbs <c>audit verify</c> and <c>audit key</c>. They change nothing, and may run beside the server.</summary>
internal static class AuditTrail
{
    /// <summary>0 when the trail is whole, 1 with the first break on stderr when it is not.</summary>
    /// <exception cref="StartupException">The database or the file of checkpoints cannot be read.</exception>
    public static async Task<int> VerifyAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        await services.GetRequiredService<DatabaseStartup>().ReadSecretsAsync(CancellationToken.None);

        var logged = await ReadLoggedAsync(app.Configuration["checkpoint"]);
        var check = services.GetRequiredService<ChainCheck>();
        var verdict = await check.RunAsync(logged, CancellationToken.None);
        if (verdict.Break is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }

        Console.WriteLine(Tell(verdict, logged.Count));
        return 0;
    }

    /// <summary>Prints the public key that checks the signatures of checkpoints.</summary>
    /// <exception cref="StartupException">The database cannot be read.</exception>
    public static async Task<int> PrintKeyAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        await services.GetRequiredService<DatabaseStartup>().ReadSecretsAsync(CancellationToken.None);
        Console.WriteLine(services.GetRequiredService<CheckpointKey>().PublicPem);
        return 0;
    }

    private static async Task<IReadOnlyList<AuditCheckpoint>> ReadLoggedAsync(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return [];
        }

        try
        {
            using var log = path == "-" ? Console.In : File.OpenText(path);
            var found = await LoggedCheckpoint.ReadAsync(log, CancellationToken.None);
            return found.Count > 0
                ? found
                : throw new StartupException(
                    $"There is no checkpoint in '{path}': give --checkpoint a file with lines whose event.action is {EcsEvent.CheckpointAction}."
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The file '{path}' of --checkpoint cannot be read: {exception.Message}",
                exception
            );
        }
    }

    private static string Tell(ChainVerdict verdict, int logged)
    {
        var last = verdict.Last is { } checkpoint
            ? $"the last checkpoint is {checkpoint.Seq} of {checkpoint.At:u}"
            : "there is no checkpoint yet";
        var compared = logged > 0 ? $", {logged} from the log agree" : "";
        var erased = verdict.Erased > 0 ? $" Personal fields were erased in {verdict.Erased}." : "";
        var waiting = verdict.Waiting > 0 ? $" {verdict.Waiting} of the last minute are not sealed yet." : "";
        return $"{verdict.Sealed} rows are as the server wrote them; {last}{compared}.{erased}{waiting}";
    }
}
