using System.Diagnostics.Metrics;

namespace AuthServer.Upkeep;

/// <summary>Whether the clearing away keeps up, for operators.</summary>
internal sealed class UpkeepMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _removed;
    private double _backlog;

    public UpkeepMeter(IMeterFactory meters)
    {
        _meter = meters.Create("AuthServer.Upkeep");
        _removed = _meter.CreateCounter<long>(
            "authserver.upkeep.removed",
            "{row}",
            "Expired rows that were cleared away."
        );
        _meter.CreateObservableGauge(
            "authserver.upkeep.backlog",
            () => Volatile.Read(ref _backlog),
            "s",
            "How long ago the oldest row that is still there should have been cleared away."
        );
    }

    public void Removed(int rows) => _removed.Add(rows);

    public void Behind(TimeSpan time) => Volatile.Write(ref _backlog, time.TotalSeconds);

    public void Dispose() => _meter.Dispose();
}
