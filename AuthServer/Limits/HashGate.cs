using System.Diagnostics;
using System.Diagnostics.Metrics;
using AuthServer.Edge;
using static AuthServer.Language.Words;

namespace AuthServer.Limits;

/// <summary>
/// Runs work that keeps a core busy for long, a few at a time. It has threads of its own: on those of the pool a
/// storm of sign-ins would hold back every other request. Each lane queues apart and the better one is served first,
/// so a storm of strangers does not shut people out.
/// </summary>
internal sealed class HashGate : IDisposable
{
    /// <summary>For whoever got no turn.</summary>
    public static Refusal Busy =>
        new(503, Say("Too many people are signing in at this moment. Please try again in a few seconds."));

    private const int QueueLength = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Up to the patience.
    private static readonly double[] WaitBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2];

    // A span where requests are traced; else nothing.
    private static readonly ActivitySource Spans = new("AuthServer.Limits");

    private readonly TimeProvider _clock;
    private readonly UpDownCounter<int> _running;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _waited;
    private readonly object _lock = new();
    private readonly LinkedList<Job>[] _lanes =
    [
        .. Enum.GetValues<Lane>().Select(_ => new LinkedList<Job>()),
    ];
    private bool _isClosed;

    /// <summary>Starts the threads.</summary>
    /// <param name="concurrency">How many jobs run at once, at least 1.</param>
    /// <param name="meter">Gets running, queued, refused and the time waited.</param>
    /// <param name="clock">Ends the waiting.</param>
    public HashGate(int concurrency, LimitsMeter meter, TimeProvider clock)
    {
        _clock = clock;
        _running = meter.Meter.CreateUpDownCounter<int>(
            "authserver.hash_gate.running",
            "{job}",
            "Passwords that are hashed at this moment."
        );
        _refused = meter.Meter.CreateCounter<long>(
            "authserver.hash_gate.refused",
            "{job}",
            "Passwords that got no turn: too many waited, or for too long."
        );
        _waited = meter.Meter.CreateHistogram(
            "authserver.hash_gate.wait",
            "s",
            "How long passwords waited for their turn.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = WaitBounds }
        );
        meter.Meter.CreateObservableGauge(
            "authserver.hash_gate.queued",
            () => Queued,
            "{job}",
            "Passwords that wait for their turn."
        );
        for (var i = 0; i < concurrency; i++)
        {
            new Thread(Work) { IsBackground = true, Name = $"hash {i}" }.Start();
        }
    }

    private int Queued
    {
        get
        {
            lock (_lock)
            {
                return _lanes.Sum(lane => lane.Count);
            }
        }
    }

    /// <summary>
    /// Waits for a turn, at most 2 seconds and behind at most 15 others, and does the work. False when there was no turn:
    /// then the work was not done and will not be. Once begun it is done to its end, whatever becomes of the request.
    /// </summary>
    /// <param name="lane">Where it waits.</param>
    /// <param name="work">Must not throw anything that the caller does not expect: it is thrown here.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<bool> TryRunAsync(Lane lane, Action work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var span = Spans.StartActivity("hash password");
        var job = new Job(work, _clock.GetTimestamp());
        if (!TryQueue(_lanes[(int)lane], job))
        {
            _refused.Add(1);
            return false;
        }

        try
        {
            await job.Begun.Task.WaitAsync(Patience, _clock, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            if (TryRemove(job))
            {
                _refused.Add(1);
                cancellation.ThrowIfCancellationRequested();
                return false;
            }
        }

        return await job.Done.Task;
    }

    /// <summary>Lets the running jobs end, and no other begin.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var job in _lanes.SelectMany(lane => lane))
            {
                job.Done.TrySetResult(false);
                job.Begun.TrySetResult();
            }

            Array.ForEach(_lanes, lane => lane.Clear());
            Monitor.PulseAll(_lock);
        }
    }

    private bool TryQueue(LinkedList<Job> lane, Job job)
    {
        lock (_lock)
        {
            if (_isClosed || lane.Count >= QueueLength)
            {
                return false;
            }

            lane.AddLast(job.Place);
            Monitor.Pulse(_lock);
            return true;
        }
    }

    private bool TryRemove(Job job)
    {
        lock (_lock)
        {
            job.Place.List?.Remove(job.Place);
            return !job.IsTaken && !_isClosed;
        }
    }

    private void Work()
    {
        while (Next() is { } job)
        {
            _waited.Record(_clock.GetElapsedTime(job.QueuedAt).TotalSeconds);
            _running.Add(1);
            job.Begun.TrySetResult();
            try
            {
                job.Work();
                job.Done.TrySetResult(true);
            }
            catch (Exception exception) when (job.Done.TrySetException(exception))
            {
                // Whoever asked for the work has it now.
            }

            _running.Add(-1);
        }
    }

    private Job? Next()
    {
        lock (_lock)
        {
            while (!_isClosed)
            {
                if (Array.Find(_lanes, lane => lane.Count > 0)?.First is { } first)
                {
                    first.List!.Remove(first);
                    first.Value.IsTaken = true;
                    return first.Value;
                }

                Monitor.Wait(_lock);
            }

            return null;
        }
    }

    private sealed class Job
    {
        public Job(Action work, long queuedAt)
        {
            Work = work;
            QueuedAt = queuedAt;
            Place = new(this);
        }

        public Action Work { get; }

        public long QueuedAt { get; }

        public LinkedListNode<Job> Place { get; }

        public bool IsTaken { get; set; }

        // Their continuations must not run on the thread that hashes.
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<bool> Done { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
