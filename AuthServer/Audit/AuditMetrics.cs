using System.Diagnostics.Metrics;
using AuthServer.Data;

namespace AuthServer.Audit;

/// <summary>What operators watch of the trail. No label names a person or a client.</summary>
internal sealed class AuditMetrics : IDisposable
{
    public const string MeterName = "AuthServer.Audit";

    private readonly Meter _meter;
    private readonly Counter<long> _recorded;
    private readonly Counter<long> _sinkFailures;
    private readonly Counter<long> _foreignRows;

    // UTC ticks.
    private long _lastCheckpoint;
    private long _lag;

    public AuditMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _meter = meters.Create(MeterName);
        _recorded = _meter.CreateCounter<long>(
            "authserver.audit.events",
            "{event}",
            "Events, by action and outcome."
        );
        _sinkFailures = _meter.CreateCounter<long>(
            "authserver.audit.sink_failures",
            "{line}",
            "Lines that could not be written."
        );
        _foreignRows = _meter.CreateCounter<long>(
            "authserver.audit.foreign_rows",
            "{row}",
            "Rows that the server did not write."
        );
        _meter.CreateObservableGauge(
            "authserver.audit.lag",
            () => Volatile.Read(ref _lag),
            "{row}",
            "Rows that are not sealed yet."
        );
        _meter.CreateObservableGauge(
            "authserver.audit.checkpoint_age",
            () =>
                Volatile.Read(ref _lastCheckpoint) is > 0 and var ticks
                    ? (clock.GetUtcNow().UtcTicks - ticks) / TimeSpan.TicksPerSecond
                    : 0,
            "s",
            "Time since the last checkpoint."
        );
    }

    public void Recorded(AuditEntry row) =>
        _recorded.Add(
            row.Count,
            new KeyValuePair<string, object?>("action", row.Event),
            new KeyValuePair<string, object?>("outcome", EcsEvent.OutcomeOf(row))
        );

    public void SinkFailed() => _sinkFailures.Add(1);

    public void FoundForeignRow() => _foreignRows.Add(1);

    public void Sealed(long lag) => Volatile.Write(ref _lag, lag);

    public void Checkpointed(DateTime at) => Volatile.Write(ref _lastCheckpoint, at.Ticks);

    public void Dispose() => _meter.Dispose();
}
