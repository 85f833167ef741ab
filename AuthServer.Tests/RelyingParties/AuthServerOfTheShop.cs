using System.Globalization;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.RelyingParties;

/// <summary>AuthServer that knows the sample WebApp at a port of its own, and a second API beside the orders.</summary>
internal sealed class AuthServerOfTheShop(IReadOnlyDictionary<string, string> settings) : Server
{
    public const string WebAppSecret = "development-only-web-app-secret-0001";

    public int WebAppPort { get; } = Ports.Next();

    public TokenTap Tap { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings
    {
        get
        {
            var webApp = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{WebAppPort}");
            return new Dictionary<string, string>(settings, StringComparer.Ordinal)
            {
                ["Clients:5:ClientId"] = "web-app",
                ["Clients:5:ClientSecret"] = WebAppSecret,
                ["Clients:5:DisplayName"] = "Orders",
                ["Clients:5:GrantTypes:0"] = "authorization_code",
                ["Clients:5:GrantTypes:1"] = "refresh_token",
                ["Clients:5:RedirectUris:0"] = $"{webApp}/signin-oidc",
                ["Clients:5:PostLogoutRedirectUris:0"] = $"{webApp}/signout-callback-oidc",
                ["Clients:5:Scopes:0"] = "openid",
                ["Clients:5:Scopes:1"] = "profile",
                ["Clients:5:Scopes:2"] = "email",
                ["Clients:5:Scopes:3"] = "offline_access",
                ["Clients:5:Scopes:4"] = "orders.read",
                ["Clients:5:RequireConsent"] = "false",
                ["Clients:6:ClientId"] = "worker",
                ["Clients:6:ClientSecret"] = Worker.Secret,
                ["Clients:6:GrantTypes:0"] = "client_credentials",
                ["Clients:6:Scopes:0"] = "orders.read",
                ["Clients:6:Scopes:1"] = "orders.write",
                ["Clients:6:Scopes:2"] = "reports.read",
                ["Apis:1:Name"] = "reports-api",
                ["Apis:1:Scopes:0"] = "reports.read",
            };
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(Tap));
    }
}
