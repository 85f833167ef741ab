using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>Hands letters to the mail server, one conversation each (RFC 5321).</summary>
internal sealed class SmtpCarrier(IOptions<MailOptions> options) : ICarrier
{
    public async Task<bool> CarryAsync(Letter letter, MimeMessage message, CancellationToken cancellation)
    {
        var mail = options.Value;
        using var smtp = new SmtpClient { Timeout = 20_000 };
        await smtp.ConnectAsync(mail.Host, mail.Port, SmtpSecurity.For(mail.Host, mail.Port), cancellation);
        if (mail.UserName.Length > 0)
        {
            await smtp.AuthenticateAsync(mail.UserName, mail.Password, cancellation);
        }

        try
        {
            await smtp.SendAsync(message, cancellation);
        }
        catch (SmtpCommandException refused) when (IsFinal(refused))
        {
            return false;
        }

        // The server has taken the letter: a farewell that fails must not send it twice.
        await smtp.DisconnectAsync(quit: false, CancellationToken.None);
        return true;
    }

    // Only an address that the server calls wrong for good. A sender or a text that it refuses is a matter of settings.
    private static bool IsFinal(SmtpCommandException refused) =>
        refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted && (int)refused.StatusCode >= 500;
}
