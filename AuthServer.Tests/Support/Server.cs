using System.Globalization;
using AuthServer.Data;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Support;

/// <summary>The real server on a real port of loopback, with a database file and a clock of its own.</summary>
public class Server : WebApplicationFactory<Program>, IAsyncLifetime, IAddress
{
    private static readonly string[] Limits =
    [
        "Global",
        "PerUser",
        "SignInFailures",
        "SignInFailuresPerAccount",
        "SignInFailuresPerAddress",
        "Letters",
        "LettersPerAddress",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authserver-test-");
    private readonly int _port = Ports.Next();

    public Server() => UseKestrel(_port);

    /// <summary>Ends in a slash, as the issuer does.</summary>
    public Uri Address => new($"http://localhost:{_port.ToString(CultureInfo.InvariantCulture)}/");

    public Clock Clock { get; } = new();

    /// <summary>Where the database and the master key of this server are.</summary>
    public string Folder => _folder.FullName;

    /// <summary>How to reach the database of this server.</summary>
    public string Database { get; private set; } = "";

    /// <summary>Whether the database is a PostgreSQL: by default if the whole run wants it.</summary>
    protected virtual bool IsOnPostgreSql => PostgreSqlServer.IsWanted;

    /// <summary>The server whose database and master key this one shares; null for its own.</summary>
    protected virtual Server? Twin => null;

    /// <summary>Settings that a fixture adds to the common ones: <c>Section:Key</c>.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> Settings => [];

    /// <summary>What its token path asks of the database.</summary>
    internal WatchedStatements Statements { get; } = new();

    /// <summary>A client that keeps no cookies and follows no redirects.</summary>
    public HttpClient Http { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database =
            Twin?.Database
            ?? (
                IsOnPostgreSql
                    ? await PostgreSqlServer.NewDatabaseAsync()
                    : $"Data Source={Path.Combine(Folder, "test.db")}"
            );
        StartServer();
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            Expect100ContinueTimeout = TimeSpan.FromMinutes(1),
        };
        Http = new HttpClient(handler) { BaseAddress = Address };
    }

    public new async Task DisposeAsync()
    {
        Http?.Dispose();
        await base.DisposeAsync();
        if (IsOnPostgreSql && Twin is null && Database.Length > 0)
        {
            await PostgreSqlServer.DropAsync(Database);
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Looks into, or changes, what the server remembers.</summary>
    internal async Task<T> WithDbAsync<T>(Func<AuthDb, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<AuthDb>());
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("config", Path.Combine(AppContext.BaseDirectory, "Support", "test.config.json"));
        builder.UseSetting("urls", Address.ToString());
        builder.UseSetting("Issuer", Address.ToString());
        builder.UseSetting("Data:Provider", IsOnPostgreSql ? "PostgreSql" : "Sqlite");
        builder.UseSetting("Data:ConnectionString", Database);
        builder.UseSetting("Data:MasterKeyFile", Path.Combine((Twin ?? this).Folder, "test.db.master-key"));
        builder.UseSetting("Mail:Folder", Path.Combine(Folder, "mail"));
        // Hashing is not the point of most tests.
        builder.UseSetting("Passwords:BcryptCost", "4");
        // All tests of a server share one address; those of the limits say how much there is.
        foreach (var limit in Limits)
        {
            builder.UseSetting($"RateLimits:{limit}:PermitLimit", "1000000");
        }

        foreach (var (key, value) in Settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton<IInterceptor>(new DatabaseClock((Twin ?? this).Clock));
            Statements.Watch(services);
        });
    }
}
