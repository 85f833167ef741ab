using System.Globalization;
using System.Text.Json;
using AuthServer.Data;

namespace AuthServer.Audit;

/// <summary>Finds the lines of checkpoints among those of a log.</summary>
internal static class LoggedCheckpoint
{
    /// <summary>All of them in their order; lines about anything else, or that are no JSON, are passed over.</summary>
    public static async Task<IReadOnlyList<AuditCheckpoint>> ReadAsync(
        TextReader log,
        CancellationToken cancellation
    )
    {
        List<AuditCheckpoint> found = [];
        while (await log.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Contains(EcsEvent.CheckpointAction, StringComparison.Ordinal) && Parse(line) is { } one)
            {
                found.Add(one);
            }
        }

        return found;
    }

    private static AuditCheckpoint? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var fields = json.RootElement;
            return fields.GetProperty("event.action").GetString() != EcsEvent.CheckpointAction
                ? null
                : new AuditCheckpoint
                {
                    Seq = fields.GetProperty("audit.seq").GetInt64(),
                    Hash = Convert.FromHexString(Text("audit.hash")),
                    At = DateTime.Parse(
                        Text("@timestamp"),
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.AdjustToUniversal
                    ),
                    KeyId = Text("audit.key"),
                    Signature = Convert.FromHexString(Text("audit.signature")),
                };

            string Text(string name) => fields.GetProperty(name).GetString() ?? "";
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or FormatException
                        or KeyNotFoundException
                        or InvalidOperationException
            )
        {
            return null;
        }
    }
}
