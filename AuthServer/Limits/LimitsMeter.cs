using System.Diagnostics.Metrics;

namespace AuthServer.Limits;

/// <summary>The figures of this folder, for operators; without anything about a person or an address.</summary>
internal sealed class LimitsMeter : IDisposable
{
    public const string Name = "AuthServer.Limits";

    private readonly Meter _meter;
    private readonly Counter<long> _decisions;

    public LimitsMeter(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _decisions = _meter.CreateCounter<long>(
            "authserver.limits.decisions",
            "{decision}",
            "Decisions by limit, outcome (allowed, refused) and mode (shared, local)."
        );
    }

    /// <summary>For the gauges of whoever keeps the figure.</summary>
    public Meter Meter => _meter;

    /// <summary>One decision; an allowed one is counted under the limit that was asked first.</summary>
    public void Count(IReadOnlyList<Charge> charges, Decision decision, bool isShared) =>
        _decisions.Add(
            1,
            new("limit", (decision.Exceeded ?? charges[0]).Limit.Name),
            new("outcome", decision.IsAllowed ? "allowed" : "refused"),
            new("mode", isShared ? "shared" : "local")
        );

    /// <summary>Whether instances that should count together do not, for as long as they do not.</summary>
    public void WatchMode(Func<bool> isDegraded) =>
        _meter.CreateObservableGauge(
            "authserver.limits.degraded",
            () => isDegraded() ? 1 : 0,
            description: "1 while Redis is configured and does not answer, so that each instance counts for itself."
        );

    public void Dispose() => _meter.Dispose();
}
