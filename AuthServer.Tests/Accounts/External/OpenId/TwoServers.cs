using AuthServer.Tests.Support;

namespace AuthServer.Tests.Accounts.External.OpenId;

/// <summary>Two servers: people of <see cref="Home"/> may sign in at <see cref="Guest"/> with the account they have there.</summary>
public sealed class TwoServers : IAsyncLifetime
{
    public const string Button = "Continue with Home";

    private const string Secret = "guest-server-secret-0123456789abcdef";

    public TwoServers()
    {
        Guest = new GuestServer(() => Home!.Address);
        Home = new HomeServer(Guest.Address);
    }

    public Server Home { get; }

    public Server Guest { get; }

    public async Task InitializeAsync()
    {
        await Home.InitializeAsync();
        await Guest.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Guest.DisposeAsync();
        await Home.DisposeAsync();
    }

    /// <summary>Goes the way there and back; gives the answer in which the guest server decides.</summary>
    /// <param name="atHome">A browser that is signed in at home: cookies know no ports, so each server has its own.</param>
    /// <param name="browser">The browser at the guest server.</param>
    public async Task<Page> SignInAsync(Browser atHome, Browser browser)
    {
        var pressed = await browser.PressAsync(await browser.GetAsync("account/login"), Button);
        var allowed = await atHome.FollowAsync(pressed);
        return await browser.FollowAsync(await browser.FollowAsync(allowed));
    }

    private sealed class HomeServer(Uri guest) : Server
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [
                new("Clients:9:ClientId", "guest"),
                new("Clients:9:ClientSecret", Secret),
                new("Clients:9:DisplayName", "Guest"),
                new("Clients:9:GrantTypes:0", "authorization_code"),
                new("Clients:9:RedirectUris:0", $"{guest}account/external/callback/home"),
                new("Clients:9:Scopes:0", "openid"),
                new("Clients:9:Scopes:1", "profile"),
                new("Clients:9:Scopes:2", "email"),
                new("Clients:9:RequireConsent", "false"),
            ];
    }

    private sealed class GuestServer(Func<Uri> home) : Server
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [
                new("Accounts:RequireConfirmedEmail", "true"),
                new("External:Oidc:0:Authority", home().ToString()),
                new("External:Oidc:0:ClientId", "guest"),
                new("External:Oidc:0:ClientSecret", Secret),
                new("External:Oidc:0:DisplayName", "Home"),
            ];
    }
}
