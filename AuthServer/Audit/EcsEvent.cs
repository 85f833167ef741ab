using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;

namespace AuthServer.Audit;

/// <summary>
/// A line of the trail in the log: fields by their names in the Elastic Common Schema, and by names under
/// <c>audit.</c> where it has none.
/// </summary>
internal sealed class EcsEvent(string message, params IEnumerable<(string Name, object? Value)> fields)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    /// <summary>Raised when a field changes its meaning.</summary>
    private const int Schema = 1;

    private const string Template = "{OriginalFormat}";

    private static readonly FrozenDictionary<string, string> Categories = AuditEvent.All.ToFrozenDictionary(
        what => what.Name,
        what => what.Category
    );

    private readonly List<KeyValuePair<string, object?>> _fields =
    [
        .. fields
            .Append(("audit.schema", Schema))
            .Where(field => field.Item2 is not null)
            .Select(field => KeyValuePair.Create(field.Item1, field.Item2)),
        KeyValuePair.Create(Template, (object?)message),
    ];

    public int Count => _fields.Count;

    public KeyValuePair<string, object?> this[int index] => _fields[index];

    /// <summary>The line of a row.</summary>
    public static EcsEvent Of(AuditEntry row) =>
        new(
            $"{row.Event} {OutcomeOf(row)}",
            ("timestamp", Time(row.At)),
            ("event.id", row.EventId?.ToString("D")),
            ("event.kind", "event"),
            ("event.action", row.Event),
            ("event.category", Categories.GetValueOrDefault(row.Event)),
            ("event.outcome", OutcomeOf(row)),
            ("event.reason", row.Reason),
            ("user.id", row.AccountId),
            ("user.hash", row.NameHash),
            ("client.id", row.ClientId),
            ("source.ip", row.Address),
            ("session.id", row.SessionId is { } session ? HashOf(session) : null),
            ("trace.id", row.TraceId),
            ("audit.token", row.TokenHash),
            ("audit.count", row.Count)
        );

    /// <summary>A line alone, for a failure before there is a database to keep a row.</summary>
    public static EcsEvent Of(AuditEvent what, DateTimeOffset at, string reason) =>
        new(
            $"{what.Name} failure",
            ("timestamp", Time(at.UtcDateTime)),
            ("event.kind", "event"),
            ("event.action", what.Name),
            ("event.category", what.Category),
            ("event.outcome", "failure"),
            ("event.reason", reason)
        );

    /// <summary>The line of a checkpoint, by which a trail that was cut off is found out.</summary>
    public static EcsEvent Of(AuditCheckpoint checkpoint) =>
        new(
            CheckpointAction,
            ("timestamp", Time(checkpoint.At)),
            ("event.kind", "state"),
            ("event.action", CheckpointAction),
            ("event.category", "configuration"),
            ("audit.seq", checkpoint.Seq),
            ("audit.hash", Convert.ToHexStringLower(checkpoint.Hash)),
            ("audit.key", checkpoint.KeyId),
            ("audit.signature", Convert.ToHexStringLower(checkpoint.Signature))
        );

    public const string CheckpointAction = "audit.checkpoint";

    public static string OutcomeOf(AuditEntry row) => row.Succeeded ? "success" : "failure";

    public void WriteTo(ILogger logger) =>
        logger.Log(
            LogLevel.Information,
            new EventId(1, "audit"),
            this,
            exception: null,
            (line, _) => line.ToString()
        );

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _fields.GetEnumerator();

    public override string ToString() => (string)_fields[^1].Value!;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Time(DateTime at) =>
        at.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    // Enough to bring lines together, and of no use at the other end of a cookie.
    private static string HashOf(string sessionId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sessionId)).AsSpan(0, 8));
}
