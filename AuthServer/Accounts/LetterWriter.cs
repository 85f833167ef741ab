using AuthServer.Mail;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts;

/// <summary>The shape that all our letters have; what they say is their feature's.</summary>
internal sealed class LetterWriter(Outbox outbox)
{
    /// <summary>The caller's save sends it.</summary>
    /// <param name="to">An address that has been checked.</param>
    /// <param name="subject">Our own words.</param>
    /// <param name="link">Stands below the paragraph that leads to it, the one that ends in a colon; null when there is none.</param>
    /// <param name="paragraphs">In the language of the reader.</param>
    public void Write(string to, string subject, string? link, params string[] paragraphs)
    {
        var text = paragraphs.SelectMany(paragraph =>
            link is not null && paragraph.EndsWith(':') ? [paragraph, link] : (string[])[paragraph]
        );
        outbox.Add(new Letter(to, subject, string.Join("\n\n", [Say("Hello,"), .. text]), link));
    }
}
