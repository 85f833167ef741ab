// A web application that signs people in at AuthServer and calls an API for them.

using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using WebApp;

var builder = WebApplication.CreateBuilder(args);
var isDevelopment = builder.Environment.IsDevelopment();

// Browsers part ways on Secure cookies from plain http, which only a developer's machine may use.
var secure = isDevelopment ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;

builder
    .Services.AddAuthentication(authentication =>
    {
        authentication.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        authentication.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
    })
    .AddCookie(cookie =>
    {
        cookie.Cookie.Name = isDevelopment ? "web-app" : "__Host-web-app";
        cookie.Cookie.SecurePolicy = secure;
        cookie.EventsType = typeof(FreshTokens);
    })
    .AddOpenIdConnect(oidc =>
    {
        builder.Configuration.Bind("Auth", oidc); // Authority, ClientId, ClientSecret
        oidc.RequireHttpsMetadata = !isDevelopment;
        oidc.ResponseType = "code"; // with PKCE, as the handler does by itself
        oidc.ResponseMode = "query"; // a cross-site POST would need SameSite=None cookies
        oidc.MapInboundClaims = false;
        oidc.TokenValidationParameters.NameClaimType = "name";
        oidc.GetClaimsFromUserInfoEndpoint = true;
        oidc.SaveTokens = true; // in the cookie, encrypted
        oidc.AccessDeniedPath = "/SignedOut"; // when the person declines at AuthServer

        oidc.Scope.Clear();
        foreach (var scope in (string[])["openid", "profile", "email", "offline_access", "orders.read"])
        {
            oidc.Scope.Add(scope);
        }

        oidc.CorrelationCookie.SameSite = oidc.NonceCookie.SameSite = SameSiteMode.Lax;
        oidc.CorrelationCookie.SecurePolicy = oidc.NonceCookie.SecurePolicy = secure;
    });

builder.Services.AddMemoryCache();
builder.Services.AddSingleton<TokenClient>();
builder.Services.AddScoped<FreshTokens>();
builder.Services.AddHttpClient<OrdersApi>(http =>
    http.BaseAddress = new Uri(
        builder.Configuration["Api:Address"] ?? throw new InvalidOperationException("Set Api:Address.")
    )
);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddRazorPages();

var app = builder.Build();

app.UseAuthentication();
app.UseAuthorization();
app.MapRazorPages();

await app.RunAsync();
