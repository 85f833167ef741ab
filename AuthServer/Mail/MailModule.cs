namespace AuthServer.Mail;

/// <summary>stub</summary>
internal static class MailModule
{
    public static void AddMail(this WebApplicationBuilder builder) => _ = builder;
}
