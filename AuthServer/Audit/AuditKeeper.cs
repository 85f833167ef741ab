using AuthServer.Data.Statements;

namespace AuthServer.Audit;

/// <summary>
/// Keeps the trail behind the requests: writes what was noted, seals what was written, signs checkpoints. A database
/// that is away delays it, and nothing else.
/// </summary>
internal sealed partial class AuditKeeper(
    IServiceScopeFactory scopes,
    Refusals refusals,
    News news,
    ServerStory story,
    IStatements statements,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<AuditKeeper> logger
) : BackgroundService
{
    // Between passes, so that a busy server seals many rows in one commit.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Between looks at what came late; on a busy trail a look is dear, and what came late can wait.
    private static readonly TimeSpan LookBack = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _ending = new();
    private readonly List<Happening> _unwritten = [];
    private long? _from;
    private DateTimeOffset _lookedBackAt;
    private bool _isAway;
    private Task? _end;

    /// <summary>Does all there is to do now.</summary>
    /// <returns>Whether something is left for later.</returns>
    public async Task<bool> PassAsync(bool isLast, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await WriteAsync(scope.ServiceProvider, cancellation);
            var chain = scope.ServiceProvider.GetRequiredService<AuditChain>();
            var now = clock.GetUtcNow();
            // A clock that was set back is no reason to wait.
            var looksBack = isLast || !chain.MayComeLate || (now - _lookedBackAt).Duration() >= LookBack;
            var from = looksBack
                ? await chain.BeginningAsync(_from, now < _lookedBackAt ? now : _lookedBackAt, cancellation)
                : _from!.Value;
            for (var hasMore = true; hasMore; )
            {
                (from, hasMore) = await chain.SealAsync(from, cancellation);
            }

            // Not before it is sealed: what a failure kept from us is looked for again.
            (_from, _lookedBackAt) = (from, looksBack ? now : _lookedBackAt);
            var checkpointing = await chain.CheckpointAsync(isLast, cancellation);
            return checkpointing is Checkpointing.Later || !refusals.IsEmpty || !looksBack;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Tells the end, seals it, and signs a last checkpoint; once, however many wait for it.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_ending)
        {
            return _end ??= EndAsync(cancellationToken);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _turn.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await KeepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped; or never begun, because the start failed, which says so itself.
        }
    }

    private async Task KeepAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        refusals.Add(story.Started());
        // The first requests wait for nobody: what is noted now is written with what they bring.
        await Task.Delay(Pause, clock, stoppingToken);
        for (var patience = TimeSpan.Zero; ; )
        {
            await news.WaitAsync(patience, clock, stoppingToken);
            var isUnfinished = await TryPassAsync(isLast: false, stoppingToken);
            patience = isUnfinished ? Patience : Timeout.InfiniteTimeSpan;
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task EndAsync(CancellationToken cancellation)
    {
        await base.StopAsync(cancellation);
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
        {
            return;
        }

        refusals.Add(story.Stopping());
        try
        {
            await TryPassAsync(isLast: true, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Out of time; the next start seals what is left.
        }
    }

    private async Task WriteAsync(IServiceProvider services, CancellationToken cancellation)
    {
        if (_unwritten.Count == 0)
        {
            _unwritten.AddRange(refusals.Take());
        }

        if (_unwritten.Count == 0)
        {
            return;
        }

        var audit = services.GetRequiredService<AuditLog>();
        var rows = _unwritten.ConvertAll(audit.Draft);
        await statements.WriteAsync(rows.ConvertAll(row => AuditRows.Insert(row, use: null)), cancellation);
        _unwritten.Clear();
        audit.Told(rows);
    }

    private async Task<bool> TryPassAsync(bool isLast, CancellationToken cancellation)
    {
        try
        {
            var isUnfinished = await PassAsync(isLast, cancellation);
            _isAway = false;
            return isUnfinished;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is, it must not take the server with it. Said once; the rest of the server says enough about a
            // database that is away.
            if (!_isAway)
            {
                Log.Delayed(logger, exception, exception.Message);
            }

            _isAway = true;
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "The audit trail waits for the database, and is written when it is back: {Reason}"
        )]
        public static partial void Delayed(ILogger logger, Exception exception, string reason);
    }
}
