using AuthServer.Data;
using AuthServer.Keys;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace AuthServer.Tests.Keys;

/// <summary>A server whose keys a test adds to and turns, with a database of its own or that of another instance.</summary>
public sealed class KeyServer(KeyServer? other = null, TimeSpan? period = null) : Server
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [new("Keys:RotationPeriod", (period ?? TimeSpan.FromDays(90)).ToString())];

    protected override Server? Twin => other;

    /// <summary>The engine's view of the keys at this moment.</summary>
    internal OpenIddictServerOptions Engine =>
        Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue;

    /// <summary>Does again what a start does, at the time that the clock shows now.</summary>
    internal async Task LoadAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<KeyLoader>().LoadAsync(CancellationToken.None);
    }

    /// <summary>Does again what it does every few seconds.</summary>
    internal async Task FollowAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<KeyLoader>().FollowAsync(CancellationToken.None);
    }

    internal async Task<T> WithKeysAsync<T>(Func<KeyStore, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<KeyStore>());
    }

    /// <summary>Adds a key that is published now and signs in <paramref name="activatesIn"/>.</summary>
    internal Task AddKeyAsync(string kid, string algorithm, TimeSpan activatesIn) =>
        WithDbAsync(db =>
        {
            var seal = Services.GetRequiredService<MasterKey>();
            var now = Clock.GetUtcNow().UtcDateTime;
            var key = new SigningKey
            {
                Id = kid,
                Algorithm = algorithm,
                Protected = seal.Protect(KeyMaterial.Create(algorithm), $"signing-key:{kid}"),
                CreatedAt = now,
                ActivatesAt = now + activatesIn,
            };
            db.SigningKeys.Add(key);
            return db.SaveChangesAsync();
        });

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services =>
            services
                .AddOpenIddict()
                .AddServer(server =>
                    server
                        .AllowClientCredentialsFlow()
                        .SetTokenEndpointUris("connect/token")
                        .SetJsonWebKeySetEndpointUris(".well-known/jwks")
                        .UseAspNetCore()
                        .DisableTransportSecurityRequirement()
                )
        );
    }
}
