using AuthServer.Data;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace AuthServer.Keys;

/// <summary>Owns the keys that sign and encrypt: their making, their order, their time. OpenIddict uses them.</summary>
internal static class KeysModule
{
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    public static void AddKeys(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services
            .AddSection<KeysOptions>("Keys")
            .Validate(
                keys => keys.RotationPeriod > TimeSpan.Zero && keys.RotationPeriod <= TenYears,
                "Keys:RotationPeriod must be more than zero and at most 3650 days: write '90.00:00:00' for 90 days."
            )
            .Validate(
                keys =>
                    keys.PublishAhead >= TimeSpan.FromSeconds(1) && keys.PublishAhead < keys.RotationPeriod,
                "Keys:PublishAhead must be at least a second and shorter than Keys:RotationPeriod: write '1.00:00:00' for one day."
            );

        // The engine's own options step must be registered before ours, which puts the keys back in order after it.
        services.AddOpenIddict().AddServer();
        services.AddSingleton<KeyRingToServer>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(Ring);
        services.AddSingleton<IPostConfigureOptions<OpenIddictServerOptions>>(Ring);
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(Ring);
        services.AddSingleton<KeysMeter>();
        services.AddScoped<KeyStore>();
        services.AddScoped<KeyLoader>();
        services.AddHostedService<KeyTurn>();
    }

    private static KeyRingToServer Ring(IServiceProvider services) =>
        services.GetRequiredService<KeyRingToServer>();
}
