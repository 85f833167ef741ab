namespace AuthServer.Accounts;

/// <summary>stub</summary>
internal static class AccountsModule
{
    public static void AddAccounts(this WebApplicationBuilder builder) => _ = builder;

    public static void MapAccounts(this WebApplication app) => _ = app;
}
