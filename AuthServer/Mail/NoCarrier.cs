using MimeKit;

namespace AuthServer.Mail;

/// <summary>Where no mail server is set: the log tells that a letter would have left, without what is in it.</summary>
internal sealed partial class NoCarrier(ILogger<NoCarrier> logger) : ICarrier
{
    public Task<bool> CarryAsync(Letter letter, MimeMessage message, CancellationToken cancellation)
    {
        Log.NotSent(logger, Composer.Shorten(letter.To), letter.Subject);
        return Task.FromResult(true);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "Letter to {To} was not sent, because Mail:Host is not set: {Subject}"
        )]
        public static partial void NotSent(ILogger logger, string to, string subject);
    }
}
