using System.Globalization;
using Serilog;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;

namespace AuthServer.Edge;

/// <summary>Where log lines go and in what shape. Which lines are wanted is said in the section <c>Logging</c>.</summary>
internal static class Logs
{
    private const string Readable =
        "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj} {TraceId}{NewLine}{Exception}";

    public static void AddLogs(this WebApplicationBuilder builder)
    {
        var lines = new LoggerConfiguration().MinimumLevel.Verbose();
        // Not the static Log.Logger: several servers may live in one process.
        var logger = builder.Environment.IsDevelopment()
            ? lines.WriteTo.Console(outputTemplate: Readable, formatProvider: CultureInfo.InvariantCulture)
            : lines.WriteTo.Console(new RenderedCompactJsonFormatter());

        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(_ => new SerilogLoggerProvider(
            logger.CreateLogger(),
            dispose: true
        ));
    }
}
