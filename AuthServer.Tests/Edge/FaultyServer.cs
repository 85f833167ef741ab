using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

namespace AuthServer.Tests.Edge;

/// <summary>A server in whose depth, behind everything that is mapped, stand faults to run into.</summary>
public class FaultyServer : Server
{
    public const string Internals = "Internals that nobody may see";

    private static readonly Dictionary<string, string[]> FieldErrors = new(StringComparer.Ordinal)
    {
        ["email"] = ["Write your whole e-mail address."],
    };

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(new Depth()));
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        switch (http.Request.Path.Value!.Split('/')[^1])
        {
            case "defect":
                throw new InvalidOperationException(Internals);
            case "database":
                throw new InvalidOperationException("outer", new SqliteException(Internals, 10));
            case "update":
                throw new DbUpdateException(Internals);
            case "malformed":
                throw new BadHttpRequestException(Internals, StatusCodes.Status408RequestTimeout);
            case "field":
                await Results.ValidationProblem(FieldErrors).ExecuteAsync(http);
                break;
            case "engine":
                Refuse(http);
                break;
            case "busy":
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                break;
            case "address":
                await http.Response.WriteAsync($"{http.Connection.RemoteIpAddress}");
                break;
            case "echo":
                var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : null;
                await http.Response.WriteAsync(http.Request.Query["a"] + form?["a"]);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    // What the engine leaves behind when it hands its refusal to the status code pages.
    private static void Refuse(HttpContext http)
    {
        var response = new OpenIddictResponse
        {
            Error = "invalid_request",
            ErrorDescription = "The 'redirect_uri' <b>is bad</b>.",
            ErrorUri = "https://documentation.openiddict.com/errors/ID2043",
        };
        http.Features.Set(
            new OpenIddictServerAspNetCoreFeature
            {
                Transaction = new OpenIddictServerTransaction { Response = response },
            }
        );
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
    }

    private sealed class Depth : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                next(app);
                app.Run(AnswerAsync);
            };
    }
}
