using AuthServer.Tests.Support;

namespace AuthServer.Tests.RelyingParties;

/// <summary>AuthServer with the samples ProtectedApi and WebApp around it, each a process and a port of its own.</summary>
public class Shop : IAsyncLifetime
{
    private readonly AuthServerOfTheShop _server;
    private Sample? _api;
    private Sample? _webApp;

    public Shop()
        : this([]) { }

    /// <summary>A shop whose AuthServer has some settings of its own.</summary>
    private protected Shop(Dictionary<string, string> settings) =>
        _server = new AuthServerOfTheShop(settings);

    public Server Server => _server;

    /// <summary>The tokens that AuthServer gave, in order, as an eavesdropper would see them.</summary>
    internal TokenTap Tap => _server.Tap;

    /// <summary>An access token that ended three quarters of an hour ago.</summary>
    public string ExpiredToken { get; private set; } = "";

    /// <summary>Speaks for the web application, with its own credentials.</summary>
    public RelyingParty WebAppParty =>
        new(Server, "web-app", $"{WebApp.Address}signin-oidc", AuthServerOfTheShop.WebAppSecret);

    internal Sample Api => _api!;

    internal Sample WebApp => _webApp!;

    public async Task InitializeAsync()
    {
        _server.Clock.Advance(-TimeSpan.FromHours(1));
        await _server.InitializeAsync();
        ExpiredToken = await Worker.TokenAsync(_server, "orders.read");
        _server.Clock.Advance(TimeSpan.FromHours(1));

        var authority = $"--Auth:Authority={_server.Address}";
        _api = await Sample.StartAsync("ProtectedApi", Ports.Next(), authority);
        _webApp = await Sample.StartAsync(
            "WebApp",
            _server.WebAppPort,
            authority,
            $"--Api:Address={_api.Address}"
        );
    }

    public async Task DisposeAsync()
    {
        foreach (var sample in new[] { _webApp, _api })
        {
            if (sample is not null)
            {
                await sample.DisposeAsync();
            }
        }

        await _server.DisposeAsync();
    }
}
