using AuthServer.Data.Statements;

namespace AuthServer.Upkeep;

/// <summary>Prunes every minute while the server serves, in small batches with pauses for whoever else wants to write.</summary>
internal sealed partial class PruningTurn(
    IServiceScopeFactory scopes,
    IStatements statements,
    UpkeepMeter meter,
    TimeProvider clock,
    ILogger<PruningTurn> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // Sessions are looked at once, when they expire; after a start, those of before again.
    private DateTime _since = DateTime.UnixEpoch;
    private bool _isAway;

    /// <summary>Clears away all that is due now.</summary>
    public async Task PassAsync(CancellationToken cancellation)
    {
        var due = DueRows.Expired(clock.GetUtcNow().UtcDateTime - Pruning.Margin, _since);
        if (await statements.FirstAsync(due, DueRows.Read, cancellation) is null)
        {
            meter.Behind(TimeSpan.Zero);
            return;
        }

        await InBatchesAsync(
            async pruning =>
            {
                var pruned = await pruning.PruneTokensAsync(cancellation);
                meter.Behind(pruned.Behind);
                return pruned;
            },
            cancellation
        );
        await InBatchesAsync(
            async pruning =>
            {
                (var pruned, _since) = await pruning.PruneSessionsAsync(_since, cancellation);
                return pruned;
            },
            cancellation
        );
        await InBatchesAsync(pruning => pruning.PruneIdentitiesAsync(cancellation), cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // By the machine's own time, as a start is no time to be busy with this.
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryPassAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the server, or of a start that failed, which says so itself.
        }
    }

    private async Task InBatchesAsync(Func<Pruning, Task<Pruned>> prune, CancellationToken cancellation)
    {
        for (var hasMore = true; hasMore; )
        {
            await using (var scope = scopes.CreateAsyncScope())
            {
                var pruned = await prune(scope.ServiceProvider.GetRequiredService<Pruning>());
                meter.Removed(pruned.Removed);
                hasMore = pruned.HasMore;
            }

            await (hasMore ? Task.Delay(Pause, cancellation) : Task.CompletedTask);
        }
    }

    private async Task TryPassAsync(CancellationToken cancellation)
    {
        try
        {
            await PassAsync(cancellation);
            _isAway = false;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is: what is due stays due, and the server serves. Said once.
            if (!_isAway)
            {
                Log.Delayed(logger, exception, exception.Message);
            }

            _isAway = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "What has expired could not be cleared away, and is tried again every minute: {Reason}"
        )]
        public static partial void Delayed(ILogger logger, Exception exception, string reason);
    }
}
