namespace AuthServer.Edge;

/// <summary>Writes one line per request, but for routine only at the level Debug. The query stays out of it, for codes and tokens travel there.</summary>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider clock, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var start = clock.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            Write(http, clock.GetElapsedTime(start));
        }
    }

    private void Write(HttpContext http, TimeSpan elapsed)
    {
        var status = http.Response.StatusCode;
        // What programs ask all day is counted by the metrics; what it changed is told by the trail.
        var isRoutine =
            status < 400
            && (
                http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
                || ErrorResponse.FormFor(http.Request) == ErrorForm.OAuth
            );
        var level =
            status >= 500 ? LogLevel.Error
            : isRoutine ? LogLevel.Debug
            : LogLevel.Information;
        if (logger.IsEnabled(level))
        {
            // As it was sent, still encoded: a decoded path may hold line breaks that would forge lines.
            var path = http.Request.Path.ToUriComponent();
            Log.Answered(logger, level, http.Request.Method, path, status, elapsed.TotalMilliseconds);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Message = "{Method} {Path} answered {Status} in {Milliseconds:0.0} ms")]
        public static partial void Answered(
            ILogger logger,
            LogLevel level,
            string method,
            string path,
            int status,
            double milliseconds
        );
    }
}
