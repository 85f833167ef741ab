using System.Globalization;
using AuthServer.Audit;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace AuthServer.Edge;

/// <summary>Where log lines go and in what shape. Which lines are wanted is said in the section <c>Logging</c>.</summary>
internal static class Logs
{
    private const string Readable =
        "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj} {TraceId}{NewLine}{Exception}";

    public static void AddLogs(this WebApplicationBuilder builder)
    {
        var isDevelopment = builder.Environment.IsDevelopment();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<LogFailures>();
        builder.Services.AddSingleton<ILoggerProvider>(services => new SerilogLoggerProvider(
            // Not the static Log.Logger: several servers may live in one process.
            CreateLogger(isDevelopment, services.GetRequiredService<LogFailures>()),
            dispose: true
        ));
    }

    private static Logger CreateLogger(bool isDevelopment, LogFailures failures)
    {
        var lines = new LoggerConfiguration().MinimumLevel.Verbose();
        if (!isDevelopment)
        {
            return lines.WriteTo.Fallible(to => to.Console(new EcsFormatter()), failures).CreateLogger();
        }

        // Text for a person at a terminal, and the trail as it is elsewhere, but for what every start tells of itself.
        return lines
            .WriteTo.Logger(people =>
                people
                    .Filter.ByExcluding(IsOfTrail)
                    .WriteTo.Console(outputTemplate: Readable, formatProvider: CultureInfo.InvariantCulture)
            )
            .WriteTo.Logger(trail =>
                trail
                    .Filter.ByIncludingOnly(line => IsOfTrail(line) && !IsOfStart(line))
                    .WriteTo.Fallible(to => to.Console(new EcsFormatter()), failures)
            )
            .CreateLogger();
    }

    private static bool IsOfTrail(LogEvent line) => line.Properties.ContainsKey("audit.schema");

    private static bool IsOfStart(LogEvent line) =>
        line.Properties.GetValueOrDefault("event.category")
            is ScalarValue { Value: "configuration" or "process" };
}

/// <summary>Counts the lines that could not be written. The request that caused one goes on.</summary>
internal sealed class LogFailures(AuditMetrics metrics, Refusals refusals, TimeProvider clock)
    : ILoggingFailureListener
{
    public void OnLoggingFailed(
        object sender,
        LoggingFailureKind kind,
        string message,
        IReadOnlyCollection<LogEvent>? events,
        Exception? exception
    )
    {
        metrics.SinkFailed();
        refusals.Add(new Happening(AuditEvent.SinkFailed, Succeeded: false, clock.GetUtcNow()));
        SelfLog.WriteLine("{0} {1}", message, exception);
    }
}
