using MimeKit;

namespace AuthServer.Mail;

/// <summary>The section <c>Mail</c>: where letters go.</summary>
internal sealed class MailOptions
{
    /// <summary>The SMTP server; empty: letters go to the log, and in Development to <see cref="Folder"/>.</summary>
    public string Host { get; set; } = "";

    /// <summary>465 speaks TLS from the first byte; any other asks for it by STARTTLS.</summary>
    public int Port { get; set; } = 587;

    /// <summary>Empty: the server asks for no password.</summary>
    public string UserName { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>The sender that people see, as <c>address</c> or <c>Name &lt;address&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>Where letters are written as files, relative to the working directory as the database is; used in Development only.</summary>
    public string Folder { get; set; } = "App_Data/mail";

    /// <summary>What is wrong with these values; null when nothing is.</summary>
    public string? Mistake() =>
        this switch
        {
            { Port: <= 0 or > 65535 } => "Mail:Port must be between 1 and 65535.",
            { From.Length: > 0 } when !IsAddress(From) =>
                "Mail:From must be an address: write 'AuthServer <no-reply@example.com>'.",
            { Host.Length: > 0, From.Length: 0 } =>
                "Mail:From must be set beside Mail:Host: write 'AuthServer <no-reply@example.com>'.",
            { UserName.Length: > 0, Password.Length: 0 } or { UserName.Length: 0, Password.Length: > 0 } =>
                "Mail:UserName and Mail:Password belong together: set both, or neither.",
            _ => null,
        };

    // A method of its own, so that the library is loaded when there is an address.
    private static bool IsAddress(string text) => MailboxAddress.TryParse(text, out _);
}
