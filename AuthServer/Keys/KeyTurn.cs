using AuthServer.Data;
using Microsoft.Extensions.Options;

namespace AuthServer.Keys;

/// <summary>
/// Keeps the keys of this instance, and its Data Protection ring, as the database has them, without a restart. While the
/// database is away, or a key in it does not open, the instance goes on with those it has.
/// </summary>
internal sealed partial class KeyTurn(
    IServiceScopeFactory scopes,
    SharedKeyManager ring,
    IOptions<KeysOptions> options,
    ILogger<KeyTurn> logger
) : BackgroundService
{
    private bool _isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // By the machine's own time: how often it looks is no matter of what the clock shows.
        using var timer = new PeriodicTimer(options.Value.Tick);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TurnAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the server, or of a start that failed: of which the host would tell as of a defect.
        }
    }

    private async Task TurnAsync(CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<KeyLoader>().FollowAsync(cancellation);
            await ring.FollowAsync(scope.ServiceProvider.GetRequiredService<AuthDb>(), cancellation);
            _isAway = false;
        }
        catch (Exception exception) when (DatabaseFault.IsPassing(exception) || exception is StartupException)
        {
            if (!_isAway)
            {
                Log.KeptOldKeys(logger, exception);
            }

            _isAway = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "The keys could not be read again; this instance goes on with those that it has."
        )]
        public static partial void KeptOldKeys(ILogger logger, Exception exception);
    }
}
