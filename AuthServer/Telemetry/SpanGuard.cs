using System.Collections.Frozen;
using System.Diagnostics;

namespace AuthServer.Telemetry;

/// <summary>
/// Lets out of a span only what is listed here: libraries add addresses, queries and statements to theirs, callers a state
/// of their own, and any of it may hold a secret or name a person. It listens beside the exporter, and before it.
/// </summary>
internal sealed class SpanGuard : IDisposable
{
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        StringComparer.Ordinal,
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "network.protocol.version",
        // Of whom we call: the providers that the settings name.
        "server.address",
        "server.port",
        "error.type",
        "db.system.name",
        "db.operation.name",
        "db.collection.name"
    );

    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = _ => true,
        // Whether there is a span at all is not decided here.
        Sample = (ref _) => ActivitySamplingResult.None,
        ActivityStopped = Clean,
    };

    public SpanGuard() => ActivitySource.AddActivityListener(_listener);

    public void Dispose() => _listener.Dispose();

    private static void Clean(Activity span)
    {
        if (!span.Recorded)
        {
            return;
        }

        List<string>? others = null;
        foreach (ref readonly var tag in span.EnumerateTagObjects())
        {
            if (!Harmless.Contains(tag.Key))
            {
                (others ??= []).Add(tag.Key);
            }
        }

        others?.ForEach(name => span.SetTag(name, null));
        span.TraceStateString = null;
        // Without the message of an exception, where a library has put one.
        span.SetStatus(span.Status);
    }
}
