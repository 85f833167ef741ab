using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Stock;

/// <summary>Makes the database, the one client and the one scope.</summary>
internal sealed class Seed(IServiceProvider services, IConfiguration configuration) : IHostedService
{
    public const string Scope = "orders.read";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StockDb>();
        if (!await db.Database.EnsureCreatedAsync(cancellationToken))
        {
            return;
        }

        await scope
            .ServiceProvider.GetRequiredService<IOpenIddictScopeManager>()
            .CreateAsync(
                new OpenIddictScopeDescriptor { Name = Scope, Resources = { "orders-api" } },
                cancellationToken
            );
        await scope
            .ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>()
            .CreateAsync(
                new OpenIddictApplicationDescriptor
                {
                    ClientId = "bench",
                    ClientSecret = configuration["BENCH_SECRET"],
                    RedirectUris = { new Uri(configuration["BENCH_REDIRECT"]!) },
                    Permissions =
                    {
                        Permissions.Endpoints.Authorization,
                        Permissions.Endpoints.Token,
                        Permissions.Endpoints.Introspection,
                        Permissions.GrantTypes.AuthorizationCode,
                        Permissions.GrantTypes.ClientCredentials,
                        Permissions.GrantTypes.RefreshToken,
                        Permissions.ResponseTypes.Code,
                        Permissions.Prefixes.Scope + Scope,
                    },
                    Requirements = { Requirements.Features.ProofKeyForCodeExchange },
                },
                cancellationToken
            );
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
