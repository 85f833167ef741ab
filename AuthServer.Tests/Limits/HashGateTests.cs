using System.Diagnostics.Metrics;
using AuthServer.Limits;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Limits;

[Trait("Requirement", "C-56")]
public sealed class HashGateTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LimitsMeter _meter;
    private readonly HashGate _gate;
    private readonly ManualResetEventSlim _mayEnd = new();

    public HashGateTests()
    {
        _meter = new LimitsMeter(_services.GetRequiredService<IMeterFactory>());
        _gate = new HashGate(1, _meter, new NoTimers());
    }

    public void Dispose()
    {
        _mayEnd.Set();
        _gate.Dispose();
        _meter.Dispose();
        _services.Dispose();
        _mayEnd.Dispose();
    }

    [Fact]
    public async Task Sixteen_wait_and_the_next_is_refused_at_once()
    {
        var running = await OccupyAsync();
        var waiting = Queue(Lane.Other, 16);

        var next = await _gate.TryRunAsync(Lane.Other, () => { }, CancellationToken.None);

        Assert.False(next);
        _mayEnd.Set();
        Assert.All(await Task.WhenAll([running, .. waiting]), Assert.True);
    }

    [Fact]
    public async Task Each_lane_has_a_queue_of_its_own_and_the_better_one_is_served_first()
    {
        var order = new List<string>();
        var running = await OccupyAsync();
        var strangers = Queue(Lane.Other, 16, () => order.Add("stranger"));
        var newcomers = Queue(Lane.Newcomer, 16, () => order.Add("newcomer"));
        var known = Queue(Lane.Known, 16, () => order.Add("known"));

        _mayEnd.Set();
        await Task.WhenAll([running, .. strangers, .. newcomers, .. known]);

        string[] expected = ["known", "newcomer", "stranger"];
        Assert.Equal(expected.SelectMany(who => Enumerable.Repeat(who, 16)), order);
    }

    [Fact]
    public async Task Work_whose_request_has_gone_is_not_begun()
    {
        using var gone = new CancellationTokenSource();
        var isBegun = false;
        var running = await OccupyAsync();
        var waiting = _gate.TryRunAsync(Lane.Other, () => isBegun = true, gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _mayEnd.Set();
        await running;
        Assert.True(await _gate.TryRunAsync(Lane.Other, () => { }, CancellationToken.None));
        Assert.False(isBegun);
    }

    [Fact]
    public async Task Who_has_waited_two_seconds_is_refused()
    {
        using var impatient = new HashGate(1, _meter, new Hasty());
        using var hasBegun = new SemaphoreSlim(0);
        var running = impatient.TryRunAsync(
            Lane.Other,
            () =>
            {
                hasBegun.Release();
                _mayEnd.Wait();
            },
            CancellationToken.None
        );
        Assert.True(await hasBegun.WaitAsync(TimeSpan.FromSeconds(60)));

        var waited = await impatient.TryRunAsync(Lane.Other, () => { }, CancellationToken.None);

        Assert.False(waited);
        _mayEnd.Set();
        Assert.True(await running);
    }

    [Fact]
    public async Task What_the_work_throws_is_thrown_to_whoever_asked_and_the_gate_goes_on()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _gate.TryRunAsync(Lane.Other, () => throw new InvalidOperationException(), CancellationToken.None)
        );

        Assert.True(await _gate.TryRunAsync(Lane.Other, () => { }, CancellationToken.None));
    }

    [Fact]
    public async Task A_gate_that_closes_leaves_nobody_waiting()
    {
        var running = await OccupyAsync();
        var waiting = Queue(Lane.Other, 3);

        _gate.Dispose();

        Assert.All(await Task.WhenAll(waiting), Assert.False);
        Assert.False(await _gate.TryRunAsync(Lane.Known, () => { }, CancellationToken.None));
        _mayEnd.Set();
        Assert.True(await running);
    }

    // Takes the one place; done when the work has begun, which lasts until it may end.
    private async Task<Task<bool>> OccupyAsync()
    {
        var hasBegun = new TaskCompletionSource();
        var running = _gate.TryRunAsync(
            Lane.Other,
            () =>
            {
                hasBegun.SetResult();
                _mayEnd.Wait();
            },
            CancellationToken.None
        );
        await hasBegun.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return running;
    }

    private List<Task<bool>> Queue(Lane lane, int count, Action? work = null) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => _gate.TryRunAsync(lane, work ?? (() => { }), CancellationToken.None)),
        ];

    /// <summary>All waiting ends at once.</summary>
    private sealed class Hasty : TimeProvider
    {
        public override ITimer CreateTimer(
            TimerCallback callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        ) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

/// <summary>No waiting ever ends.</summary>
internal sealed class NoTimers : TimeProvider
{
    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    ) => base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
