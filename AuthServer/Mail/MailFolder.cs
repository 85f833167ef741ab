using System.Globalization;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>Keeps letters as <c>.eml</c> files, for a developer who has no mail server.</summary>
internal sealed class MailFolder(
    IHostEnvironment environment,
    IOptions<MailOptions> options,
    TimeProvider clock
)
{
    /// <summary>Writes one letter; a reader sees all of it or nothing.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder belongs to somebody else.</exception>
    public async Task WriteAsync(Letter letter)
    {
        var now = clock.GetUtcNow();
        var folder = Path.Combine(environment.ContentRootPath, options.Value.Folder);
        Directory.CreateDirectory(folder);

        var name = $"{now.ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture)}-{Guid.NewGuid():N}";
        var unfinished = Path.Combine(folder, $"{name}.tmp");
        await File.WriteAllTextAsync(unfinished, Format(letter, now));
        File.Move(unfinished, Path.Combine(folder, $"{name}.eml"));
    }

    private string Format(Letter letter, DateTimeOffset now) =>
        $"""
            From: {(options.Value.From.Length > 0 ? options.Value.From : "AuthServer <no-reply@localhost>")}
            To: {letter.To}
            Subject: {letter.Subject}
            Date: {now.ToString("r", CultureInfo.InvariantCulture)}
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            {letter.Text}

            """;
}
