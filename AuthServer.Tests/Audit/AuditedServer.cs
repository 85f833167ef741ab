using System.Collections.Concurrent;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthServer.Tests.Audit;

/// <summary>A server whose trail a test reads: the rows, and the lines as they go to the log.</summary>
public sealed class AuditedServer : Server
{
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, object?>> _lines = new();

    /// <summary>The lines of the trail so far, by the names of their fields.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Lines => [.. _lines];

    internal AuditKeeper Keeper => Services.GetRequiredService<AuditKeeper>();

    /// <summary>The rows that <paramref name="act"/> leaves, with what was noted and is written behind it.</summary>
    internal async Task<List<AuditEntry>> RowsOfAsync(Func<Task> act)
    {
        await Keeper.PassAsync(isLast: false, CancellationToken.None);
        var last = await WithDbAsync(db => db.Audit.MaxAsync(row => row.Id));
        await act();
        await Keeper.PassAsync(isLast: false, CancellationToken.None);
        return await WithDbAsync(db =>
            db.Audit.AsNoTracking().Where(row => row.Id > last).OrderBy(row => row.Id).ToListAsync()
        );
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services => services.AddSingleton<ILoggerProvider>(new Ear(_lines)));
    }

    private sealed class Ear(ConcurrentQueue<IReadOnlyDictionary<string, object?>> lines)
        : ILoggerProvider,
            ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (state is EcsEvent line)
            {
                lines.Enqueue(line.ToDictionary());
            }
        }

        public void Dispose() { }
    }
}
