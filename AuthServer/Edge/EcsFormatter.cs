using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace AuthServer.Edge;

/// <summary>
/// One log event as one line of JSON, its fields named as in the Elastic Common Schema. Whatever a value holds stays
/// inside its string: everything but plain ASCII is escaped.
/// </summary>
internal sealed class EcsFormatter : ITextFormatter
{
    private const string Version = "8.17";

    // Said by an event about something that happened before its line is written.
    private const string OwnTime = "timestamp";
    private const string TraceId = "trace.id";

    // Names of ours that ECS has a word for.
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["SourceContext"] = "log.logger",
        ["Method"] = "http.request.method",
        ["Path"] = "url.path",
        ["Status"] = "http.response.status_code",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // What the framework adds to every line of a request; the trace id brings them together as well.
    private static readonly FrozenSet<string> Noise =
    [
        OwnTime,
        "EventId",
        "SpanId",
        "TraceId",
        "ParentId",
        "ConnectionId",
        "RequestId",
        "RequestPath",
        "ActionId",
        "ActionName",
    ];

    // Words as they are; Serilog's own way puts them into quotes.
    private static readonly MessageTemplateTextFormatter Message = new(
        "{Message:lj}",
        CultureInfo.InvariantCulture
    );

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("@timestamp", TimeOf(logEvent));
            json.WriteString("log.level", LevelOf(logEvent.Level));
            json.WriteString("message", MessageOf(logEvent));
            json.WriteString("ecs.version", Version);
            if (logEvent.TraceId is { } trace && !logEvent.Properties.ContainsKey(TraceId))
            {
                json.WriteString(TraceId, trace.ToHexString());
                if (logEvent.SpanId is { } span)
                {
                    json.WriteString("span.id", span.ToHexString());
                }
            }

            WriteException(json, logEvent.Exception);
            foreach (var (name, value) in logEvent.Properties)
            {
                if (!Noise.Contains(name))
                {
                    WriteProperty(json, NameOf(name), value);
                }
            }

            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(text.WrittenSpan));
    }

    private static void WriteException(Utf8JsonWriter json, Exception? exception)
    {
        if (exception is not null)
        {
            json.WriteString("error.type", exception.GetType().FullName);
            json.WriteString("error.message", exception.Message);
            json.WriteString("error.stack_trace", exception.ToString());
        }
    }

    private static void WriteProperty(Utf8JsonWriter json, string name, LogEventPropertyValue value)
    {
        switch ((value as ScalarValue)?.Value)
        {
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, Math.Round(number, 3));
                break;
            case string text:
                json.WriteString(name, text);
                break;
            default:
                json.WriteString(name, value.ToString(format: null, CultureInfo.InvariantCulture));
                break;
        }
    }

    // Elsewhere under a name that ECS leaves to us.
    private static string NameOf(string name) =>
        Names.TryGetValue(name, out var known) ? known
        : name.Contains('.', StringComparison.Ordinal) ? name
        : $"labels.{name}";

    private static string MessageOf(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, text);
        return text.ToString();
    }

    private static string TimeOf(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue(OwnTime, out var time) && time is ScalarValue { Value: string own }
            ? own
            : logEvent.Timestamp.UtcDateTime.ToString(
                "yyyy-MM-ddTHH:mm:ss.fffZ",
                CultureInfo.InvariantCulture
            );

    private static string LevelOf(LogEventLevel level) =>
        level switch
        {
            LogEventLevel.Verbose => "trace",
            LogEventLevel.Debug => "debug",
            LogEventLevel.Information => "info",
            LogEventLevel.Warning => "warn",
            LogEventLevel.Error => "error",
            _ => "fatal",
        };
}
