using System.Net;
using MailKit.Security;

namespace AuthServer.Mail;

/// <summary>How a conversation with the mail server is protected: always, unless it never leaves this machine.</summary>
internal static class SmtpSecurity
{
    /// <summary>STARTTLS is demanded, not asked for: whoever sits in between could strike it out (RFC 8314).</summary>
    public static SecureSocketOptions For(string host, int port) =>
        port == 465 ? SecureSocketOptions.SslOnConnect
        : IsThisMachine(host) ? SecureSocketOptions.StartTlsWhenAvailable
        : SecureSocketOptions.StartTls;

    private static bool IsThisMachine(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
