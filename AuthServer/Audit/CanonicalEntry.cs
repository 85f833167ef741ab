using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AuthServer.Data;

namespace AuthServer.Audit;

/// <summary>
/// A row as the one JSON text that is sealed. What it covers must never change for a row that is written: a new field
/// comes last, and is left out where it is empty.
/// </summary>
internal static class CanonicalEntry
{
    private const string Milliseconds = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static byte[] Of(AuditEntry entry)
    {
        var text = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            Write(json, "id", entry.EventId?.ToString("D"));
            json.WriteString("at", entry.At.ToString(Milliseconds, CultureInfo.InvariantCulture));
            json.WriteString("event", entry.Event);
            json.WriteBoolean("succeeded", entry.Succeeded);
            Write(json, "account", entry.AccountId);
            Write(json, "client", entry.ClientId);
            Write(json, "session", entry.SessionId);
            Write(json, "reason", entry.Reason);
            Write(json, "token", entry.TokenHash);
            Write(json, "trace", entry.TraceId);
            json.WriteNumber("count", entry.Count);
            Write(
                json,
                "person",
                entry.PersonalDigest is { } digest ? Convert.ToHexStringLower(digest) : null
            );
            if (entry.EventId is null)
            {
                // A row from before the chain has no digest of it.
                Write(json, "address", entry.Address);
            }

            json.WriteEndObject();
        }

        return text.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
