using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Instances;

/// <summary>Two instances as an operator runs them: one PostgreSQL, one Redis with a password, and an nginx that ends TLS.</summary>
public sealed class Cluster : IAsyncLifetime, IAddress
{
    private const string Clients = """
        {
          "Clients": [
            { "ClientId": "shop-spa", "GrantTypes": ["authorization_code", "refresh_token"], "RedirectUris": ["https://shop.example.org/callback"],
              "Scopes": ["openid", "profile", "offline_access", "orders.read"], "RequireConsent": false },
            { "ClientId": "nightly-report", "ClientSecret": "example-nightly-report-secret-8d4b2f6a0c1e9735", "GrantTypes": ["client_credentials"], "Scopes": ["orders.read"] },
            { "ClientId": "orders-api", "ClientSecret": "example-orders-api-secret-1c9e7a3b5d8f2640", "GrantTypes": [], "Introspection": true }
          ],
          "Apis": [{ "Name": "orders-api", "Scopes": ["orders.read"] }]
        }
        """;

    private readonly Folder _folder = new();
    private readonly RedisServer _redis = new();
    private readonly Nginx _nginx = new();
    private readonly List<AuthServerProcess> _instances = [];
    private string _database = "";
    private int _people;

    /// <summary>Through the proxy, as everybody comes.</summary>
    public HttpClient Http { get; private set; } = null!;

    public RelyingParty Spa =>
        RelyingParty.Spa(this) with
        {
            RedirectUri = "https://shop.example.org/callback",
        };

    /// <summary>What the proxy has passed on, a line for each request.</summary>
    public string Passed => _nginx.Log;

    public Uri Address => _nginx.Address;

    public Browser NewBrowser() => new(_nginx.NewClient());

    public async Task InitializeAsync()
    {
        if (Nginx.ReasonToSkip is not null || PostgreSqlServer.ReasonToSkip is not null)
        {
            return;
        }

        _folder.Write("clients.json", Clients);
        var key = _folder.Write("master.key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await _redis.StartAsync("a-password-of-redis");
        _database = await PostgreSqlServer.NewDatabaseAsync();
        _instances.AddRange([Start(), Start()]);
        await Task.WhenAll(_instances.Select(instance => instance.ReadyAsync()));
        await _nginx.StartAsync(_instances.Select(instance => instance.Address));
        Http = _nginx.NewClient();
    }

    public async Task DisposeAsync()
    {
        Http?.Dispose();
        await _nginx.DisposeAsync();
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }

        await _redis.DisposeAsync();
        if (_database.Length > 0)
        {
            await PostgreSqlServer.DropAsync(_database);
        }

        _folder.Dispose();
    }

    /// <summary>Registers somebody; gives their e-mail.</summary>
    public async Task<string> NewPersonAsync()
    {
        var number = Interlocked.Increment(ref _people).ToString(CultureInfo.InvariantCulture);
        var person = new
        {
            email = $"person{number}@example.org",
            password = People.Password,
            name = "Ada Lovelace",
        };
        using var answer = await Http.PostAsJsonAsync("api/account/register", person);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return person.email;
    }

    /// <summary>
    /// Replaces one instance after the other, as an upgrade does: out of the proxy, told to stop, started anew, back in.
    /// </summary>
    public async Task RollAsync()
    {
        for (var i = 0; i < _instances.Count; i++)
        {
            var leaving = _instances[i];
            await _nginx.ReloadAsync(
                _instances.Where(instance => instance != leaving).Select(x => x.Address)
            );
            await leaving.TerminateAsync();
            Assert.Equal(0, await leaving.ExitAsync());
            await leaving.DisposeAsync();
            _instances[i] = Start();
            await _instances[i].ReadyAsync();
            await _nginx.ReloadAsync(_instances.Select(instance => instance.Address));
        }
    }

    private AuthServerProcess Start() =>
        AuthServerProcess.Start(
            _folder.Path,
            new Dictionary<string, string?>
            {
                ["AUTHSERVER_CONFIG"] = "clients.json",
                ["Issuer"] = _nginx.Address.ToString(),
                ["Instances"] = "2",
                ["Proxies__Known__0"] = "127.0.0.1",
                ["Drain__Delay"] = "00:00:01",
                ["Data__Provider"] = "PostgreSql",
                ["Data__ConnectionString"] = _database,
                ["Data__MasterKeyFile"] = "master.key",
                ["Redis__ConnectionString"] = _redis.ConnectionString,
                ["Redis__Password"] = "a-password-of-redis",
                // A pause of a busy machine is not an outage: counting alone is what other tests are for.
                ["Redis__Timeout"] = "00:00:01",
                ["Accounts__RequireConfirmedEmail"] = "false",
                ["Passwords__BcryptCost"] = "4",
                ["Unsafe__AllowWeakPasswordHash"] = "true",
                ["RateLimits__Global__PermitLimit"] = "1000000",
                ["RateLimits__PerUser__PermitLimit"] = "1000000",
            }
        );
}

/// <summary>A fact about several instances: left out, with the reason, where a part of them is missing.</summary>
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() =>
        Skip = Nginx.ReasonToSkip ?? PostgreSqlServer.ReasonToSkip ?? RedisServer.ReasonToSkip;
}
