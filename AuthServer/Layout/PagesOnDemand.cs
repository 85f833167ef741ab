namespace AuthServer.Layout;

/// <summary>
/// The pages, with a router of their own that is made when nothing else takes a request: to find them all costs a start a
/// sixth of its time, and a server that only gives tokens never needs one.
/// </summary>
internal sealed class PagesOnDemand(RequestDelegate next, IServiceProvider services)
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post];

    private readonly Lazy<RequestDelegate> _pages = new(() => Build(services, next));

    public Task InvokeAsync(HttpContext http) => http.GetEndpoint() is null ? _pages.Value(http) : next(http);

    private static RequestDelegate Build(IServiceProvider services, RequestDelegate next)
    {
        var app = new ApplicationBuilder(services);
        app.UseRouting();
        app.UseAuthorization();
        app.UseEndpoints(Map);
        app.Run(next);
        return app.Build();
    }

    private static void Map(IEndpointRouteBuilder endpoints)
    {
        // The pages look up here by which name each file is kept for ever; the files themselves are served before.
        endpoints.MapStaticAssets();
        // A page would be shown for any method, its handler unasked.
        endpoints.MapRazorPages().WithMetadata(new HttpMethodMetadata(Methods)).WithStaticAssets();
    }
}
