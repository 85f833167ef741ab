namespace AuthServer.Audit;

/// <summary>
/// What anybody can cause without end, kept apart by kind for a minute each: the first of a kind becomes a row at
/// once, the rest of its minute one more row. An attacker fills neither the disk nor the one writer's time.
/// </summary>
internal sealed class Refusals(TimeProvider clock, News news)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Happening, Tally> _tallies = [];

    /// <summary>Costs no write.</summary>
    public void Add(Happening happening)
    {
        lock (_lock)
        {
            var kind = KindOf(happening);
            if (!_tallies.ContainsKey(kind) && CountKinds(happening.What) >= happening.What.PerMinute)
            {
                kind = new Happening(happening.What, happening.Succeeded, default) { Reason = "various" };
                happening = kind with { At = happening.At };
            }

            if (_tallies.TryGetValue(kind, out var tally))
            {
                _tallies[kind] = tally with { Last = happening, Untold = tally.Untold + 1 };
                return;
            }

            _tallies.Add(kind, new Tally(clock.GetUtcNow(), happening, Untold: 1, IsNew: true));
        }

        news.Tell();
    }

    /// <summary>What is to be told now.</summary>
    public IReadOnlyList<Happening> Take()
    {
        var now = clock.GetUtcNow();
        List<Happening> due = [];
        lock (_lock)
        {
            foreach (var (kind, tally) in _tallies.ToList())
            {
                var isOver = tally.Since + Window <= now;
                if (tally.Untold > 0 && (tally.IsNew || isOver))
                {
                    due.Add(tally.Last with { Count = tally.Untold });
                    _tallies[kind] = tally with { Since = now, Untold = 0, IsNew = false };
                }
                else if (isOver)
                {
                    _tallies.Remove(kind);
                }
            }
        }

        return due;
    }

    /// <summary>Whether anything waits for its minute to end.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _tallies.Count == 0;
            }
        }
    }

    private int CountKinds(AuditEvent what) => _tallies.Keys.Count(kind => kind.What == what);

    // Alike but for when and in which request.
    private static Happening KindOf(Happening happening) =>
        happening with
        {
            At = default,
            TraceId = null,
            TokenHash = null,
        };

    private sealed record Tally(DateTimeOffset Since, Happening Last, int Untold, bool IsNew);
}
