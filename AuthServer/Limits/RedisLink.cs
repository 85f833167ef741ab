using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AuthServer.Limits;

/// <summary>
/// The breaker before Redis: it opens after three errors in a row, and closes when a probe succeeds. Each change is
/// told once, in the log, in the audit and by readiness.
/// </summary>
internal sealed partial class RedisLink(
    IOptions<RedisOptions> options,
    IServiceScopeFactory scopes,
    LimitsMeter meter,
    TimeProvider clock,
    ILogger<RedisLink> logger
) : BackgroundService
{
    private const int ErrorsThatOpen = 3;
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(2);

    // The first answer also pays for what is compiled and loaded on the way.
    private static readonly TimeSpan PatienceAtStart = TimeSpan.FromSeconds(1);

    // Written to, so that a Redis that only reads, being full or a replica, does not pass for a sound one.
    private static readonly Charge Probe = new(new Limit("probe", int.MaxValue, ProbeInterval), "probe");

    private readonly SemaphoreSlim _opened = new(0);
    private ConnectionMultiplexer? _connection;
    private RedisCounters? _counters;
    private volatile RedisCounters? _shared;
    private int _errors;

    /// <summary>The shared counters; null while there are none to be trusted.</summary>
    public RedisCounters? Shared => _shared;

    /// <summary>Whether instances that should count together do not.</summary>
    public bool IsDegraded => options.Value.IsUsed && _shared is null;

    public void Succeeded() => Volatile.Write(ref _errors, 0);

    /// <summary>Opens the breaker at the third error in a row.</summary>
    public void Failed()
    {
        if (
            Interlocked.Increment(ref _errors) >= ErrorsThatOpen
            && Interlocked.Exchange(ref _shared, null) is not null
        )
        {
            _opened.Release();
        }
    }

    /// <summary>Begins with the first probe: a server whose Redis answers shares its counters from the first request on.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        meter.WatchMode(() => IsDegraded);
        if (options.Value.IsUsed)
        {
            await ConnectAsync();
        }

        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        // Without waiting for answers, which a Redis that is away would hold back.
        _connection?.Close(allowCommandsToComplete: false);
        _connection?.Dispose();
        base.Dispose();
        _opened.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WatchAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped; or never begun, because the start failed, which says so itself.
        }
    }

    // Apart, so that a server without Redis does not even load its library.
    private async Task ConnectAsync()
    {
        _connection = await ConnectionMultiplexer.ConnectAsync(options.Value.ToConnection());
        _counters = new RedisCounters(_connection.GetDatabase());
        if (!await TryCloseAsync(PatienceAtStart))
        {
            _opened.Release();
        }
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _opened.WaitAsync(stoppingToken);
            Log.Degraded(logger);
            await RecordAsync(AuditEvent.RateLimitDegraded, stoppingToken);
            do
            {
                await Task.Delay(ProbeInterval, clock, stoppingToken);
            } while (!await TryCloseAsync(options.Value.Timeout));
            Log.Restored(logger);
            await RecordAsync(AuditEvent.RateLimitRestored, stoppingToken);
        }
    }

    private async Task<bool> TryCloseAsync(TimeSpan patience)
    {
        try
        {
            await _counters!.TakeAsync([Probe]).AsTask().WaitAsync(patience, clock);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return false;
        }

        Succeeded();
        _shared = _counters;
        return true;
    }

    private async Task RecordAsync(AuditEvent what, CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<AuditLog>().Record(what);
            await scope.ServiceProvider.GetRequiredService<AuthDb>().SaveChangesAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // Neither may end the probing: the database may be away together with Redis.
            Log.NotRecorded(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "Redis does not answer: each instance counts for itself, by the same limits, until it is back (Redis:ConnectionString)"
        )]
        public static partial void Degraded(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "Redis answers: the instances count together again")]
        public static partial void Restored(ILogger logger);

        [LoggerMessage(3, LogLevel.Error, "A change of the limits' mode could not be recorded")]
        public static partial void NotRecorded(ILogger logger, Exception exception);
    }
}
