using AuthServer.Data;

namespace AuthServer.Clients;

/// <summary>
/// Looks every second whether another instance has changed a client or a scope. While the database is away, the clients
/// are taken for what they were.
/// </summary>
internal sealed partial class DirectoryWatch(ClientDirectory directory, ILogger<DirectoryWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the server.
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await directory.FollowAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is, it must not end the watch. Of a database that is away the rest of the server says enough.
            Log.NotSeen(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Whether a client has changed could not be seen")]
        public static partial void NotSeen(ILogger logger, Exception exception);
    }
}
