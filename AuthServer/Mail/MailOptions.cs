namespace AuthServer.Mail;

/// <summary>The section <c>Mail</c>: where letters go.</summary>
internal sealed class MailOptions
{
    /// <summary>The SMTP server; empty: letters go to the log, and in Development to <see cref="Folder"/>.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; } = 587;

    /// <summary>The sender that people see, as <c>address</c> or <c>Name &lt;address&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>Where letters are written as files, relative to the content root; used in Development only.</summary>
    public string Folder { get; set; } = "App_Data/mail";
}
