namespace AuthServer.Layout;

/// <summary>Owns the frame around every page. The pages themselves live with their feature.</summary>
internal static class LayoutModule
{
    public static void AddLayout(this WebApplicationBuilder builder) =>
        builder.Services.AddRazorPages().WithRazorPagesAtContentRoot();

    public static void MapLayout(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorPages();
    }
}
