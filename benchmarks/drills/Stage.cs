using System.Security.Cryptography;
using System.Text.Json;

namespace Drills;

/// <summary>What a drill plays on: a folder, a database, instances that share it, and what stands in front of them.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("drill-");
    private readonly List<Instance> _instances = [];

    private Stage(PostgreSql? database, Redis? redis)
    {
        Database = database;
        Redis = redis;
        History = new History(Path.Combine(Path.GetTempPath(), $"{_folder.Name}.jsonl"));
    }

    /// <summary>Null for SQLite.</summary>
    public PostgreSql? Database { get; }

    public Redis? Redis { get; }

    public IReadOnlyList<Instance> Instances => _instances;

    public string Folder => _folder.FullName;

    public string SqliteFile => Path.Combine(Folder, "authserver.db");

    public History History { get; }

    public Balancer Balancer { get; private set; } = null!;

    public Web Web { get; private set; } = null!;

    public People People { get; private set; } = null!;

    /// <summary>What the instances are told.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private set; } =
        new Dictionary<string, string>();

    /// <summary>Builds it.</summary>
    /// <param name="instances">How many; more than one needs PostgreSQL.</param>
    /// <param name="database">Null for SQLite.</param>
    /// <param name="redis">Null where each instance counts for itself.</param>
    /// <param name="start">False when the drill starts them.</param>
    /// <param name="settings">What differs from the usual.</param>
    public static async Task<Stage> BuildAsync(
        int instances = 1,
        PostgreSql? database = null,
        Redis? redis = null,
        bool start = true,
        params (string Name, string Value)[] settings
    )
    {
        var stage = new Stage(database, redis);
        await stage.WriteAsync();
        var all = stage.Usual(instances);
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        stage.Settings = all;
        stage._instances.AddRange(
            Enumerable.Range(0, instances).Select(_ => new Instance(stage.Folder, all))
        );
        if (start)
        {
            await Task.WhenAll(stage._instances.Select(instance => instance.StartAsync()));
        }

        stage.Balancer = new Balancer(stage._instances);
        stage.Web = new Web(stage.Balancer);
        stage.People = new People(stage.Web);
        return stage;
    }

    /// <summary>Clients with a family each.</summary>
    /// <param name="families">How many.</param>
    /// <param name="keeps">How long the API behind them keeps the keys.</param>
    public async Task<Storm> GatherAsync(int families, TimeSpan? keeps = null) =>
        new(
            Web,
            History,
            new Validator(Web, keeps ?? TimeSpan.FromSeconds(30)),
            await People.NewFamiliesAsync(families)
        );

    /// <summary>I6: whether the audit trail is whole.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync()
    {
        var (code, words) = await Instances[0].RunAsync("audit", "verify");
        return code == 0 ? [] : [$"audit verify ended with {code}: {words.Trim()} (I6)"];
    }

    public async ValueTask DisposeAsync()
    {
        Web.Dispose();
        Balancer.Dispose();
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }

        History.Dispose();
        _folder.Delete(recursive: true);
        if (Redis is not null)
        {
            await Redis.DisposeAsync();
        }

        if (Database is not null)
        {
            await Database.DisposeAsync();
        }
    }

    private async Task WriteAsync()
    {
        var clients = new
        {
            Clients = new object[]
            {
                new
                {
                    ClientId = Web.ClientId,
                    ClientSecret = Web.Secret,
                    GrantTypes = new[] { "authorization_code", "refresh_token", "client_credentials" },
                    RedirectUris = new[] { People.RedirectUri },
                    Scopes = new[] { "openid", "offline_access", "orders.read" },
                    RequireConsent = false,
                },
            },
            Apis = new[] { new { Name = "orders-api", Scopes = new[] { "orders.read" } } },
        };
        await File.WriteAllTextAsync(Path.Combine(Folder, "clients.json"), JsonSerializer.Serialize(clients));
        var key = Path.Combine(Folder, "master.key");
        await File.WriteAllTextAsync(key, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    // As in Production, with the exceptions that one machine without TLS and letters needs; limits are another matter.
    private Dictionary<string, string> Usual(int instances)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["AUTHSERVER_CONFIG"] = "clients.json",
            ["Issuer"] = "https://auth.example.org/",
            ["Proxies__Known__0"] = "192.0.2.1",
            ["Unsafe__AllowOutdatedRuntime"] = "true",
            ["Unsafe__AllowLettersToLog"] = "true",
            ["Unsafe__AllowWeakPasswordHash"] = "true",
            ["Accounts__RequireConfirmedEmail"] = "false",
            ["Passwords__BcryptCost"] = "4",
            ["RateLimits__Global__PermitLimit"] = "10000000",
            ["RateLimits__PerUser__PermitLimit"] = "10000000",
            ["RateLimits__PerClient__PermitLimit"] = "10000000",
            ["Data__ConnectionString"] = Database?.ConnectionString ?? "Data Source=authserver.db",
            ["Data__MasterKeyFile"] = "master.key",
            ["Drain__Delay"] = "00:00:01",
        };
        if (Database is not null)
        {
            settings["Data__Provider"] = "PostgreSql";
            settings["Unsafe__AllowPlaintextDatabase"] = "true";
        }

        if (instances > 1)
        {
            settings["Instances"] = instances.ToString(System.Globalization.CultureInfo.InvariantCulture);
            settings["Unsafe__AllowSeparateCounters"] = "true";
        }

        if (Redis is not null)
        {
            settings["Redis__ConnectionString"] = Redis.ConnectionString;
        }

        return settings;
    }
}
