using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace AuthServer.Keys;

/// <summary>How old the keys are, and what this instance knows of them, for operators.</summary>
internal sealed class KeysMeter : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly TimeSpan _period;
    private readonly Meter _meter;
    private volatile Known _known = new(default, []);

    public KeysMeter(IMeterFactory meters, TimeProvider clock, IOptions<KeysOptions> options)
    {
        _clock = clock;
        _period = options.Value.RotationPeriod;
        _meter = meters.Create("AuthServer.Keys");
        _meter.CreateObservableGauge(
            "authserver.keys.age",
            () => OfEach(key => Now - key.ActivatesAt),
            "s",
            "Since when the current key of each algorithm signs."
        );
        _meter.CreateObservableGauge(
            "authserver.keys.next_rotation",
            () => OfEach(key => key.TurnsAt - Now),
            "s",
            "How long until the next key of each algorithm takes its place; negative when it is overdue."
        );
        _meter.CreateObservableGauge<double>(
            "authserver.keys.read_age",
            () => _known.At == default ? [] : [new((Now - _known.At).TotalSeconds)],
            "s",
            "Since when this instance has its keys from the database: the age of what it publishes."
        );
    }

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    /// <summary>The keys were read, and are these.</summary>
    public void Read(IEnumerable<KeyRing> rings) =>
        _known = new(
            Now,
            [
                .. rings.Select(ring => new Key(
                    ring.Current.Algorithm,
                    ring.Current.ActivatesAt,
                    ring.Next.Count > 0 ? ring.Next[0].ActivatesAt : ring.Current.ActivatesAt + _period
                )),
            ]
        );

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> OfEach(Func<Key, TimeSpan> time) =>
        _known.Keys.Select(key => new Measurement<double>(
            time(key).TotalSeconds,
            new KeyValuePair<string, object?>("algorithm", key.Algorithm)
        ));

    private sealed record Known(DateTime At, IReadOnlyList<Key> Keys);

    private sealed record Key(string Algorithm, DateTime ActivatesAt, DateTime TurnsAt);
}
