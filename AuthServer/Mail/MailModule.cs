namespace AuthServer.Mail;

/// <summary>Owns how letters leave the house; what they say belongs to the feature that writes them.</summary>
internal static class MailModule
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services
            .AddOptions<MailOptions>()
            .BindConfiguration("Mail")
            .Validate(options => options.Port is > 0 and <= 65535, "Mail:Port must be between 1 and 65535.")
            .Validate(
                options => options.Host.Length == 0,
                "Mail:Host is set, but this version does not send letters by SMTP: leave it empty."
            )
            .ValidateOnStart();

        services.AddSingleton<MailFolder>();
        services.AddSingleton<Mailer>();
        services.AddHostedService(provider => provider.GetRequiredService<Mailer>());
    }
}
