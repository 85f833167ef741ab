using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;

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

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("@timestamp", TimeOf(logEvent));
            json.WriteString("log.level", LevelOf(logEvent.Level));
            json.WriteString("message", logEvent.RenderMessage(CultureInfo.InvariantCulture));
            json.WriteString("ecs.version", Version);
            if (logEvent.TraceId is { } trace && !logEvent.Properties.ContainsKey(TraceId))
            {
                json.WriteString(TraceId, trace.ToHexString());
            }

            WriteException(json, logEvent.Exception);
            foreach (var (name, value) in logEvent.Properties)
            {
                WriteProperty(json, name, value);
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
        switch (name, (value as ScalarValue)?.Value)
        {
            case (OwnTime, _):
                break;
            case ("SourceContext", { } category):
                json.WriteString("log.logger", category.ToString());
                break;
            // By a name that ECS has not taken.
            case (_, int number):
                json.WriteNumber(NameOf(name), number);
                break;
            case (_, long number):
                json.WriteNumber(NameOf(name), number);
                break;
            case (_, double number) when double.IsFinite(number):
                json.WriteNumber(NameOf(name), Math.Round(number, 3));
                break;
            case (_, string text):
                json.WriteString(NameOf(name), text);
                break;
            default:
                json.WriteString(NameOf(name), value.ToString(format: null, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string NameOf(string name) =>
        name.Contains('.', StringComparison.Ordinal) ? name : $"labels.{name}";

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
