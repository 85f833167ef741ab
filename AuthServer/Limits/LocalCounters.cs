using System.Globalization;

namespace AuthServer.Limits;

/// <summary>
/// Counts in this process, in bounded memory. When there is no room for another key, new keys share counters:
/// under a flood somebody is refused too early, and nobody is let through.
/// </summary>
/// <param name="clock">Ends the windows.</param>
/// <param name="capacity">How many keys have a counter of their own.</param>
internal sealed class LocalCounters(TimeProvider clock, int capacity = LocalCounters.DefaultCapacity)
    : ICounters
{
    /// <summary>About 30 MB.</summary>
    public const int DefaultCapacity = 100_000;

    private const int SharedKeys = 1024;

    // More than a call can begin, so that windows which have ended never pile up.
    private const int SweptPerCall = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Window> _windows = [];

    // All windows of one length end in the order in which they began.
    private readonly Dictionary<TimeSpan, Queue<(Key Key, Window Window)>> _ending = [];

    /// <summary>How many counters there are: at most the capacity, and the shared ones of each limit.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _windows.Count;
            }
        }
    }

    public ValueTask<Decision> TakeAsync(IReadOnlyList<Charge> charges)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            Sweep(now);
            return ValueTask.FromResult(Refuse(charges, now) ?? Decision.Allow(Take(charges, now)));
        }
    }

    private Decision? Refuse(IReadOnlyList<Charge> charges, DateTimeOffset now)
    {
        Decision? refusal = null;
        foreach (var charge in charges)
        {
            if (
                Running(KeyOf(charge), now) is { } window
                && window.Count >= charge.Limit.Permits
                && window.EndsAt - now > (refusal?.RetryAfter ?? TimeSpan.Zero)
            )
            {
                refusal = Decision.Refuse(charge, window.EndsAt - now);
            }
        }

        return refusal;
    }

    private Reservation Take(IReadOnlyList<Charge> charges, DateTimeOffset now)
    {
        var taken = new List<Window>(charges.Count);
        foreach (var charge in charges)
        {
            if (!charge.OnlyAsks)
            {
                var window = RunningOrNew(charge, now);
                window.Count++;
                taken.Add(window);
            }
        }

        return new Reservation(() => GiveBack(taken));
    }

    private void GiveBack(List<Window> taken)
    {
        lock (_lock)
        {
            // A window that has ended is not in the table any more, and nobody asks it again.
            taken.ForEach(window => window.Count--);
        }
    }

    private Window? Running(Key key, DateTimeOffset now) =>
        _windows.TryGetValue(key, out var window) && window.EndsAt > now ? window : null;

    private Window RunningOrNew(Charge charge, DateTimeOffset now)
    {
        var key = KeyOf(charge);
        if (Running(key, now) is { } running)
        {
            return running;
        }

        var window = new Window(now + charge.Limit.Window);
        _windows[key] = window;
        if (!_ending.TryGetValue(charge.Limit.Window, out var ending))
        {
            _ending[charge.Limit.Window] = ending = new();
        }

        ending.Enqueue((key, window));
        return window;
    }

    private Key KeyOf(Charge charge)
    {
        var key = new Key(charge.Limit.Name, charge.Key);
        return _windows.Count < capacity || _windows.ContainsKey(key)
            ? key
            : key with
            {
                Value = Shared(key),
            };
    }

    // Spread by a hash that differs from process to process, so that nobody can aim at one of them.
    private static string Shared(Key key) =>
        ((uint)key.Value.GetHashCode(StringComparison.Ordinal) % SharedKeys).ToString(
            CultureInfo.InvariantCulture
        );

    private void Sweep(DateTimeOffset now)
    {
        foreach (var ending in _ending.Values)
        {
            for (
                var swept = 0;
                swept < SweptPerCall && ending.TryPeek(out var first) && first.Window.EndsAt <= now;
                swept++
            )
            {
                ending.Dequeue();
                // Its key may have begun another window since.
                if (_windows.GetValueOrDefault(first.Key) == first.Window)
                {
                    _windows.Remove(first.Key);
                }
            }
        }
    }

    private readonly record struct Key(string Limit, string Value);

    private sealed class Window(DateTimeOffset endsAt)
    {
        public DateTimeOffset EndsAt => endsAt;

        public int Count { get; set; }
    }
}
