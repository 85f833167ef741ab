// OpenIddict as its documentation sets it up, for AuthServer to be measured against; nothing is tuned.
//
//   dotnet Stock.dll [--plaintext]    # only a word, in plain text: the floor of any server on Kestrel

using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using Stock;

var builder = WebApplication.CreateBuilder(args);
if (args.Contains("--plaintext"))
{
    var bare = builder.Build();
    bare.MapGet("/hello", () => "Hello");
    await bare.RunAsync();
    return;
}

builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
builder.Services.AddAuthorization();
builder.Services.AddDbContext<StockDb>(options => options.UseSqlite(StockDb.Place).UseOpenIddict());
builder.Services.AddEngine();
builder.Services.AddHostedService<Seed>();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGet("/sign-in", (Delegate)Endpoints.SignInAsync);
app.MapGet("/connect/authorize", Endpoints.AuthorizeAsync);
app.MapPost("/connect/token", Endpoints.TokenAsync);
app.MapGet("/connect/userinfo", (Delegate)Endpoints.UserInfoAsync);
await app.RunAsync();
