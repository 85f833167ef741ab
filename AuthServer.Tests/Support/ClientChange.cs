using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace AuthServer.Tests.Support;

/// <summary>Changes of a client while the server runs.</summary>
internal static class ClientChange
{
    /// <summary>As this instance would make it.</summary>
    public static async Task ChangeClientAsync(
        this Server server,
        string clientId,
        Action<OpenIddictApplicationDescriptor> change
    )
    {
        await using var scope = server.Services.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<OpenIddictApplicationManager<Application>>();
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        var client = await db.Applications.SingleAsync(client => client.ClientId == clientId);
        var descriptor = new OpenIddictApplicationDescriptor();
        await clients.PopulateAsync(descriptor, client);
        change(descriptor);
        await clients.UpdateAsync(client, descriptor);
    }
}
