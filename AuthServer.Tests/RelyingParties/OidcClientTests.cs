using System.Globalization;
using AuthServer.Tests.Support;
using Duende.IdentityModel.OidcClient;

namespace AuthServer.Tests.RelyingParties;

/// <summary>A native application on Duende's OidcClient, which comes back on a loopback port of the moment (RFC 8252 §7.3).</summary>
public class OidcClientTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task A_native_application_signs_in_and_learns_who_it_is()
    {
        using var browser = new PersonBrowser(server);
        var application = Application(server, browser);

        var signedIn = await application.LoginAsync(new LoginRequest());

        Assert.False(signedIn.IsError, $"{signedIn.Error} {signedIn.ErrorDescription}");
        Assert.NotEmpty(signedIn.User.FindFirst("sub")!.Value);
        Assert.Equal("Demo User", signedIn.User.FindFirst("name")!.Value);
        Assert.NotEmpty(signedIn.AccessToken);
    }

    [Fact]
    public async Task Its_refresh_token_gives_new_tokens_and_userinfo()
    {
        using var browser = new PersonBrowser(server);
        var application = Application(server, browser);
        var signedIn = await application.LoginAsync(new LoginRequest());

        var refreshed = await application.RefreshTokenAsync(signedIn.RefreshToken);
        var userInfo = await application.GetUserInfoAsync(refreshed.AccessToken);

        Assert.False(refreshed.IsError, $"{refreshed.Error} {refreshed.ErrorDescription}");
        Assert.NotEqual(signedIn.AccessToken, refreshed.AccessToken);
        Assert.NotEqual(signedIn.RefreshToken, refreshed.RefreshToken);
        Assert.Contains(userInfo.Claims, claim => claim is { Type: "name", Value: "Demo User" });
    }

    [Fact]
    public async Task Its_refresh_token_ends_when_the_person_signs_out()
    {
        using var browser = new PersonBrowser(server);
        var application = Application(server, browser);
        var signedIn = await application.LoginAsync(new LoginRequest());

        await application.LogoutAsync(new LogoutRequest { IdTokenHint = signedIn.IdentityToken });
        var refreshed = await application.RefreshTokenAsync(signedIn.RefreshToken);

        Assert.Equal("invalid_grant", refreshed.Error);
    }

    /// <summary>The ID token of a sign-in by the person of the test configuration.</summary>
    internal static async Task<string> IdTokenAsync(Server server)
    {
        using var browser = new PersonBrowser(server);
        var signedIn = await Application(server, browser).LoginAsync(new LoginRequest());
        return signedIn.IdentityToken;
    }

    private static OidcClient Application(Server server, PersonBrowser browser) =>
        new(
            new OidcClientOptions
            {
                Authority = server.Address.ToString(),
                ClientId = "shop-mobile",
                RedirectUri = string.Create(
                    CultureInfo.InvariantCulture,
                    $"http://127.0.0.1:{Ports.Next()}/callback"
                ),
                Scope = "openid profile offline_access orders.read",
                Browser = browser,
                IdentityTokenValidator = new SignatureValidator(),
            }
        );
}
