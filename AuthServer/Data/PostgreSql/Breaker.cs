using System.Collections.Concurrent;
using Npgsql;

namespace AuthServer.Data.PostgreSql;

/// <summary>
/// Refuses quickly while the database answers nobody, rather than let requests queue in front of it: what waits there
/// longer than a refresh token may be retried would end the families of honest clients at the thaw.
/// </summary>
internal sealed partial class Breaker(
    string connectionString,
    Outages outages,
    TimeProvider clock,
    ILogger<Breaker> logger
) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    // Nothing was answered for so many ticks, though somebody asked: then it is worth a question of our own.
    private const int SuspiciousTicks = 2;

    // Whatever the operator allows a connection to take: whoever waits for an answer has waited before.
    private static readonly TimeSpan ProbePatience = TimeSpan.FromMilliseconds(600);

    private readonly ConcurrentDictionary<CancellationTokenSource, bool> _running = new();
    private long _answers;
    private volatile bool _isOpen;

    /// <summary>Whether nothing is let through.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Asks the database something, unless it is known to be away; gives up when it turns out to be.</summary>
    /// <exception cref="NpgsqlException">It is away. What became of <paramref name="work"/> is not known.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _running.TryAdd(run, true);
        try
        {
            // Looked at once we can be seen: whoever opens the breaker from here on stops us.
            if (_isOpen)
            {
                throw Away();
            }

            var result = await work(run.Token);
            Interlocked.Increment(ref _answers);
            return result;
        }
        catch (PostgresException)
        {
            Interlocked.Increment(ref _answers);
            throw;
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw Away(exception);
        }
        finally
        {
            _running.TryRemove(run, out _);
        }
    }

    /// <summary>What there is to say while nothing is let through.</summary>
    public static NpgsqlException Away(Exception? cause = null) =>
        new("The database does not answer.", cause ?? new TimeoutException());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WatchAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick);
        var (seen, ticks) = (0L, 0);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var answers = Interlocked.Read(ref _answers);
            ticks = answers == seen && !_running.IsEmpty ? ticks + 1 : 0;
            seen = answers;
            if (ticks >= SuspiciousTicks && !await AnswersAsync() && Interlocked.Read(ref _answers) == seen)
            {
                var noticed = clock.GetTimestamp();
                Open();
                while (!await AnswersAsync())
                {
                    await Task.Delay(Tick, stoppingToken);
                }

                outages.Ended(noticed);
                Log.Back(logger);
                _isOpen = false;
            }
        }
    }

    private void Open()
    {
        _isOpen = true;
        Log.Away(logger, _running.Count);
        foreach (var run in _running.Keys)
        {
            // A thread each: the driver first tries to tell the server, which takes as long as a connection may take.
            _ = Task.Factory.StartNew(
                () => Stop(run),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        }
    }

    private static void Stop(CancellationTokenSource run)
    {
        try
        {
            run.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    // On a connection of its own. One that hangs is left behind, and ends by its own timeout.
    private async Task<bool> AnswersAsync()
    {
        try
        {
            await ProbeAsync().WaitAsync(ProbePatience);
            return true;
        }
        catch (PostgresException exception)
        {
            // 57P03: it is starting, or shutting down. Whatever else it says, it says something.
            return exception.SqlState != PostgresErrorCodes.CannotConnectNow;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever it is, no answer came; and nobody would watch any more if it went further.
            return false;
        }
    }

    private async Task ProbeAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        await command.ExecuteScalarAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "The database does not answer. {Running} requests that wait for it, and all that come, get 503 until it does."
        )]
        public static partial void Away(ILogger logger, int running);

        [LoggerMessage(2, LogLevel.Warning, "The database answers again.")]
        public static partial void Back(ILogger logger);
    }
}
