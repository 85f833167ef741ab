using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;

namespace AuthServer.Tests.Accounts.External.OpenId;

/// <summary>A server at which people may sign in with a stand-in of any issuer of OpenID Connect.</summary>
public class OidcServer : Server, IAsyncLifetime
{
    public const string Button = "Continue with Example Corp";
    public const string Callback = "account/external/callback/example-corp";

    public OidcServer()
    {
        Issuer = new GoogleStandIn(Clock);
        Issuer.Issuer = Issuer.Address.ToString();
    }

    public GoogleStandIn Issuer { get; }

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("Accounts:RequireConfirmedEmail", "true"),
            new("External:Oidc:0:Authority", Issuer.Address.ToString()),
            new("External:Oidc:0:ClientId", GoogleStandIn.ClientId),
            new("External:Oidc:0:ClientSecret", GoogleStandIn.ClientSecret),
            new("External:Oidc:0:DisplayName", "Example Corp"),
        ];

    async Task IAsyncLifetime.InitializeAsync()
    {
        await Issuer.StartAsync();
        await InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Issuer.DisposeAsync();
    }

    /// <summary>Presses the button and goes there; gives the address to which the browser is sent back.</summary>
    public async Task<string> CallbackAsync(Browser browser)
    {
        var pressed = await browser.PressAsync(await browser.GetAsync("account/login"), Button);
        return (await browser.FollowAsync(pressed)).Location!.ToString();
    }
}
