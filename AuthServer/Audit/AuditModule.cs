using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Audit;

/// <summary>Owns the record of what happened, and the proof that nobody changed it.</summary>
internal static class AuditModule
{
    public static void AddAudit(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddHttpContextAccessor();
        services.AddScoped<AuditLog>();
        services.AddSingleton<News>();
        services.AddSingleton<Refusals>();
        services.AddSingleton<AuditSeal>();
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<AuditLines>();
        services.AddSingleton<IInterceptor>(provider => provider.GetRequiredService<AuditLines>());
        // Made when it is first used, for the secret is opened after the container is built.
        services.AddSingleton<CheckpointKey>();
        services.AddScoped<AuditChain>();
        services.AddScoped<ChainCheck>();
        services.AddScoped<MigrationStory>();
        services.AddSingleton<ServerStory>();
        services.AddSingleton<AuditKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditKeeper>());
        // Whatever levels the section Logging wants, the trail is told whole.
        builder.Logging.AddFilter(typeof(AuditLines).FullName, LogLevel.Information);
        builder.Logging.AddFilter(typeof(AuditChain).FullName, LogLevel.Information);
    }
}
