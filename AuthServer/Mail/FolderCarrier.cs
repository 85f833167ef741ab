using System.Globalization;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>Keeps letters as <c>.eml</c> files and tells the log their link, for a developer who has no mail server.</summary>
internal sealed partial class FolderCarrier(
    IOptions<MailOptions> options,
    TimeProvider clock,
    ILogger<FolderCarrier> logger
) : ICarrier
{
    /// <summary>Writes one letter; a reader sees all of it or nothing.</summary>
    public async Task<bool> CarryAsync(Letter letter, MimeMessage message, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(options.Value.Folder);
        Directory.CreateDirectory(folder);

        var now = clock.GetUtcNow().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);
        var name = $"{now}-{Guid.CreateVersion7():N}";
        var unfinished = Path.Combine(folder, $"{name}.tmp");
        await message.WriteToAsync(Readable(), unfinished, cancellation);
        File.Move(unfinished, Path.Combine(folder, $"{name}.eml"));
        Log.Written(logger, Composer.Shorten(letter.To), letter.Subject, letter.Link);
        return true;
    }

    private static FormatOptions Readable()
    {
        var format = FormatOptions.Default.Clone();
        format.International = true;
        format.NewLineFormat = NewLineFormat.Unix;
        return format;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Letter to {To}: {Subject} {Link}")]
        public static partial void Written(ILogger logger, string to, string subject, string? link);
    }
}
