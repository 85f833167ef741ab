using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.Keys;

/// <summary>
/// Keeps the keys of this instance, and its Data Protection ring, as the database has them, without a restart. While the
/// database is away, or a key in it does not open, the instance goes on with those it has.
/// </summary>
internal sealed partial class KeyTurn(
    IServiceScopeFactory scopes,
    SharedKeyManager ring,
    IDataProtectionProvider protection,
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

    // Apart from each other: a key that does not open must not keep a revocation of the ring from us.
    private async Task TurnAsync(CancellationToken cancellation)
    {
        var isWell =
            await TryAsync(
                services => services.GetRequiredService<KeyLoader>().FollowAsync(cancellation),
                cancellation
            ) & await TryAsync(_ => FollowRingAsync(cancellation), cancellation);
        _isAway = !isWell;
    }

    private async Task FollowRingAsync(CancellationToken cancellation)
    {
        await ring.FollowAsync(cancellation);
        if (ring.IsOpen)
        {
            // The framework begins to read a ring again when somebody uses it, and goes on with the former one until it has:
            // so use it here, or the next visitor would still meet what was revoked hours ago.
            protection.CreateProtector("follow").Protect("");
        }
    }

    private async Task<bool> TryAsync(Func<IServiceProvider, Task> work, CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await work(scope.ServiceProvider);
            return true;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is: with the keys that it has, the server is of more use than stopped.
            if (!_isAway)
            {
                Log.KeptOldKeys(logger, exception);
            }

            return false;
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
