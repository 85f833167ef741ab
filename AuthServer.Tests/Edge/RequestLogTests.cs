using System.Threading.Channels;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthServer.Tests.Edge;

public class RequestLogTests(RequestLogTests.LoggingServer server)
    : IClassFixture<RequestLogTests.LoggingServer>
{
    [Fact]
    [Trait("Requirement", "C-88")]
    public async Task A_request_is_one_line_without_its_query()
    {
        using var answer = await server.Http.GetAsync("nothing/here?code=secret");

        var line = await server.NextLineAsync();
        Assert.Matches(@"^GET /nothing/here answered 404 in \d+\.\d ms$", line);
    }

    [Fact]
    public async Task A_path_with_a_line_break_forges_no_line()
    {
        using var answer = await server.Http.GetAsync("nothing%0D%0Aforged");

        Assert.Contains("/nothing%0D%0Aforged", await server.NextLineAsync(), StringComparison.Ordinal);
    }

    public sealed class LoggingServer : Server
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        // The line is written after the answer, so it is waited for.
        public async Task<string> NextLineAsync() =>
            await _lines.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services =>
                services.AddSingleton<ILoggerProvider>(new Lines(_lines.Writer))
            );
        }

        private sealed class Lines(ChannelWriter<string> lines) : ILoggerProvider, ILogger
        {
            private string _category = "";

            public ILogger CreateLogger(string categoryName) => new Lines(lines) { _category = categoryName };

            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => _category == "AuthServer.Edge.RequestLog";

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            )
            {
                if (IsEnabled(logLevel))
                {
                    lines.TryWrite(formatter(state, exception));
                }
            }

            public void Dispose() { }
        }
    }
}
