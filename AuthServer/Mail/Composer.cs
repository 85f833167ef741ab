using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>Puts a letter on paper: plain text, and the same as a page for programs that show one (RFC 2046 §5.1.4).</summary>
internal sealed class Composer(IOptions<MailOptions> options, TimeProvider clock)
{
    private const string Style =
        "max-width:34rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere";

    public MimeMessage Compose(Letter letter)
    {
        var from = MailboxAddress.Parse(
            options.Value.From.Length > 0 ? options.Value.From : "AuthServer <no-reply@localhost>"
        );
        var message = new MimeMessage
        {
            Subject = letter.Subject,
            Date = clock.GetUtcNow(),
            MessageId = $"{Guid.CreateVersion7():N}@{from.Domain}",
            Body = new MultipartAlternative { Part("plain", letter.Text), Part("html", Page(letter)) },
        };
        message.From.Add(from);
        message.To.Add(new MailboxAddress("", letter.To));
        // Out-of-office programs leave such letters alone (RFC 3834 §5).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    /// <summary>Enough of an address to recognise it in a log.</summary>
    public static string Shorten(string address) =>
        address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
            ? $"{address[0]}…{address[at..]}"
            : "…";

    private static TextPart Part(string subtype, string text)
    {
        var part = new TextPart(subtype) { ContentTransferEncoding = ContentEncoding.EightBit };
        part.SetText(Encoding.UTF8, text);
        return part;
    }

    private static string Page(Letter letter)
    {
        var paragraphs = letter
            .Text.ReplaceLineEndings("\n")
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(paragraph => paragraph == letter.Link ? Anchor(paragraph) : Encode(paragraph));
        return $"""
            <!doctype html>
            <html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Encode(
                letter.Subject
            )}</title></head>
            <body style="{Style}">
            {string.Concat(paragraphs.Select(paragraph => $"<p>{paragraph}</p>\n"))}</body></html>
            """;
    }

    private static string Anchor(string link) => $"<a href=\"{Encode(link)}\">{Encode(link)}</a>";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
