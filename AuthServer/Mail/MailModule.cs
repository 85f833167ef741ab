using AuthServer.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>Owns how letters leave the house; what they say belongs to the feature that writes them.</summary>
internal static class MailModule
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSection<MailOptions>("Mail");
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidator>();

        services.AddSingleton<Composer>();
        services.AddSingleton<ICarrier>(provider => CarrierFor(provider, builder.Environment));
        services.AddSingleton<Doorbell>();
        services.AddSingleton<LetterSaved>();
        services.AddSingleton<IInterceptor>(provider => provider.GetRequiredService<LetterSaved>());
        services.AddScoped<Outbox>();
        services.AddScoped<Delivery>();
        services.AddHostedService<Postman>();
    }

    private static ICarrier CarrierFor(IServiceProvider provider, IHostEnvironment environment) =>
        provider.GetRequiredService<IOptions<MailOptions>>().Value.Host.Length > 0
            ? ActivatorUtilities.CreateInstance<SmtpCarrier>(provider)
        : environment.IsDevelopment() ? ActivatorUtilities.CreateInstance<FolderCarrier>(provider)
        : ActivatorUtilities.CreateInstance<NoCarrier>(provider);
}
