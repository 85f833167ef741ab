using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthServer.Tests.Edge;

/// <summary>A web application of somebody else: one empty page at an address of its own.</summary>
internal static class OtherApp
{
    public static async Task<WebApplication> StartAsync(Uri address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.GetLeftPart(UriPartial.Authority));
        var app = builder.Build();
        app.MapGet(
            "/{**path}",
            () => Results.Content("<!doctype html><title>Elsewhere</title>", "text/html")
        );
        await app.StartAsync();
        return app;
    }
}
