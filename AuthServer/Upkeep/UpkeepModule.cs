namespace AuthServer.Upkeep;

/// <summary>Owns the clearing away of what has expired. Nobody calls it.</summary>
internal static class UpkeepModule
{
    public static void AddUpkeep(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<UpkeepMeter>();
        builder.Services.AddScoped<Pruning>();
        builder.Services.AddSingleton<PruningTurn>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<PruningTurn>());
    }
}
