namespace AuthServer.Clients;

/// <summary>stub</summary>
internal static class ClientsModule
{
    public static void AddClients(this WebApplicationBuilder builder) => _ = builder;
}
