namespace AuthServer.Connect;

/// <summary>stub</summary>
internal static class ConnectModule
{
    public static void AddConnect(this WebApplicationBuilder builder) => _ = builder;

    public static void UseConnect(this WebApplication app) => _ = app;

    public static void MapConnect(this WebApplication app) => _ = app;
}
