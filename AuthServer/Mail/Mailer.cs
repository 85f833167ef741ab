using System.Threading.Channels;

namespace AuthServer.Mail;

/// <summary>
/// Takes letters without making the writer wait, so that an answer takes as long with a letter as without, and
/// delivers them in their order. What is in its hands when the server stops is delivered before it ends.
/// </summary>
internal sealed partial class Mailer(MailFolder folder, IHostEnvironment environment, ILogger<Mailer> logger)
    : BackgroundService
{
    // Unbounded: a letter costs whoever causes it a password hash, so they arrive a few in a second.
    private readonly Channel<Letter> _letters = Channel.CreateUnbounded<Letter>();

    public void Send(Letter letter)
    {
        if (!_letters.Writer.TryWrite(letter))
        {
            Log.TooLate(logger, Shorten(letter.To), letter.Subject);
        }
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _letters.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    // Ends when the letters do, not when it is asked to stop.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var letter in _letters.Reader.ReadAllAsync(CancellationToken.None))
        {
            await DeliverAsync(letter);
        }
    }

    private async Task DeliverAsync(Letter letter)
    {
        var to = Shorten(letter.To);
        if (!environment.IsDevelopment())
        {
            Log.Written(logger, to, letter.Subject);
            return;
        }

        Log.WrittenWithLink(logger, to, letter.Subject, letter.Link);
        try
        {
            await folder.WriteAsync(letter);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(logger, exception, to, letter.Subject);
        }
    }

    private static string Shorten(string address) =>
        address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
            ? $"{address[0]}…{address[at..]}"
            : "…";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Letter to {To}: {Subject}")]
        public static partial void Written(ILogger logger, string to, string subject);

        [LoggerMessage(2, LogLevel.Information, "Letter to {To}: {Subject} {Link}")]
        public static partial void WrittenWithLink(ILogger logger, string to, string subject, string? link);

        [LoggerMessage(3, LogLevel.Error, "Letter to {To} could not be kept: {Subject}")]
        public static partial void NotKept(ILogger logger, Exception exception, string to, string subject);

        [LoggerMessage(4, LogLevel.Error, "Letter to {To} came after the end and is lost: {Subject}")]
        public static partial void TooLate(ILogger logger, string to, string subject);
    }
}
