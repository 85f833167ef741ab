using MimeKit;

namespace AuthServer.Mail;

/// <summary>A way for letters to leave: a mail server, a folder, or none.</summary>
internal interface ICarrier
{
    /// <summary>
    /// True when the letter is out of our hands, false when its address will never take it; whatever is thrown means
    /// that a later attempt may succeed.
    /// </summary>
    Task<bool> CarryAsync(Letter letter, MimeMessage message, CancellationToken cancellation);
}
