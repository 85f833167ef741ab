using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Support;

/// <summary>What a server routes, its pages included.</summary>
internal static class Routes
{
    public static async Task<IReadOnlyList<RouteEndpoint>> AllAsync(Server server)
    {
        // The pages have a router of their own, which is made for whoever asks for the first of them.
        using var page = await server.Http.GetAsync("account/login");
        var endpoints = server.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        return [.. endpoints.OfType<RouteEndpoint>()];
    }
}
