using System.Globalization;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Mail;

/// <summary>A server whose letters go to a mail server on loopback.</summary>
/// <param name="port">Where that one listens.</param>
/// <param name="database">A file that outlives this server; null for one of its own.</param>
internal sealed class MailServer(int port, string? database = null) : Server
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("Mail:Host", "127.0.0.1"),
            new("Mail:Port", port.ToString(CultureInfo.InvariantCulture)),
            new("Mail:From", "House <no-reply@example.org>"),
            new("Mail:UserName", "postman"),
            new("Mail:Password", "mail-password"),
            .. database is null
                ? []
                : new KeyValuePair<string, string>[]
                {
                    new("Data:ConnectionString", $"Data Source={database}"),
                    new("Data:MasterKeyFile", $"{database}.master-key"),
                },
        ];
}
