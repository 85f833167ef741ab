namespace AuthServer.Tests.Support.Google;

/// <summary>A server at which people may sign in with the stand-in of Google, and addresses must be confirmed.</summary>
public class GoogleServer : Server, IAsyncLifetime
{
    public GoogleServer() => Google = new GoogleStandIn(Clock);

    public GoogleStandIn Google { get; }

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            .. Google.Settings,
            new("Accounts:RequireConfirmedEmail", "true"),
            new("RateLimits:Letters:PermitLimit", "3"),
        ];

    async Task IAsyncLifetime.InitializeAsync()
    {
        await Google.StartAsync();
        await InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Google.DisposeAsync();
    }
}
