// A resource API. It is told who issues tokens and what its own name is; the issuer's metadata tells it the rest.

using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using ProtectedApi;

var builder = WebApplication.CreateBuilder(args);

builder
    .Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
    .AddJwtBearer(bearer =>
    {
        bearer.Authority = builder.Configuration["Auth:Authority"];
        bearer.Audience = "orders-api";
        bearer.MapInboundClaims = false; // claims keep the names they have in the token
        bearer.RequireHttpsMetadata = !builder.Environment.IsDevelopment();
        bearer.TokenValidationParameters.ValidTypes = ["at+jwt", "application/at+jwt"]; // RFC 9068 §4: no ID tokens
        bearer.TokenValidationParameters.ValidAlgorithms = ["RS256", "ES256"]; // RFC 8725 §3.1
        bearer.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
        bearer.Events = new JwtBearerEvents { OnForbidden = Scopes.Challenge };
    });
builder.Services.AddAuthorization();

var app = builder.Build();

app.UseAuthentication();
app.UseAuthorization();

var orders = new ConcurrentQueue<Order>([new("Coffee beans, 1 kg", 2), new("Paper filters", 100)]);

app.MapGet("/orders", () => orders).RequireScope("orders.read");

app.MapPost(
        "/orders",
        (Order order, ClaimsPrincipal caller) =>
        {
            if (order is not { Item.Length: > 0 and <= 100, Quantity: > 0 and <= 1000 })
            {
                return Results.Problem(
                    "An order has an item and a quantity from 1 to 1000.",
                    statusCode: 400
                );
            }

            var placed = order with { By = caller.FindFirstValue("sub") };
            orders.Enqueue(placed);
            return Results.Created("/orders", placed);
        }
    )
    .RequireScope("orders.write");

await app.RunAsync();
