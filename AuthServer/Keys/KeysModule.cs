namespace AuthServer.Keys;

/// <summary>stub</summary>
internal static class KeysModule
{
    public static void AddKeys(this WebApplicationBuilder builder) => _ = builder;
}
