namespace AuthServer.Audit;

/// <summary>Owns the record of what happened.</summary>
internal static class AuditModule
{
    public static void AddAudit(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<AuditLog>();
    }
}
