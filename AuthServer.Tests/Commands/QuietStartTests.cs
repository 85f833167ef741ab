using System.Net;
using AuthServer.Tests.Support;
using AuthServer.Tests.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AuthServer.Tests.Commands;

/// <summary>What a server holds in memory that nobody has asked for anything but tokens.</summary>
public sealed class QuietStartTests(Server served) : IClassFixture<Server>, IDisposable
{
    private const string Settings = """
        {
          "Clients": [
            {
              "ClientId": "report",
              "ClientSecret": "a-secret-of-the-report-0001-0001",
              "GrantTypes": ["client_credentials"],
              "Scopes": ["orders.read"]
            }
          ],
          "Apis": [{ "Name": "orders-api", "Scopes": ["orders.read"] }]
        }
        """;

    // Of people, their cookies, passwords and letters; of what is not configured.
    private static readonly string[] Others =
    [
        "System.Private.Xml.dll",
        "zxcvbn-core.dll",
        "BCrypt-Net-Next.dll",
        "MimeKit.dll",
        "StackExchange.Redis.dll",
        "Npgsql.dll",
        "OpenIddict.Client.dll",
        "Microsoft.AspNetCore.Authentication.Google.dll",
    ];

    // A quarter of the time for which a new key is published first, as the servers here are told.
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ProcFact]
    public async Task A_server_that_starts_again_loads_for_the_tokens_of_clients_what_they_need()
    {
        await using (var first = Start())
        {
            await first.ReadyAsync();
        }

        await using var again = Start();
        await again.ReadyAsync();
        using var http = Visitors.ClientTo(again.Address, from: null);
        using var token = await http.PostAsync(
            "connect/token",
            new FormUrlEncodedContent(
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = "report",
                    ["client_secret"] = "a-secret-of-the-report-0001-0001",
                    ["scope"] = "orders.read",
                }
            )
        );
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
        // What is looked for every now and then has been looked for.
        await Task.Delay(3 * Tick);
        var loaded = Names(again);

        Assert.Contains("OpenIddict.Server.dll", loaded);
        Assert.Empty(loaded.Intersect(Others, StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("account/login")).StatusCode);
        Assert.Contains("System.Private.Xml.dll", Names(again));
    }

    [ProcFact]
    public async Task The_first_page_of_a_new_server_uses_the_ring_that_the_start_has_made()
    {
        await using var server = Start();
        await server.ReadyAsync();
        var made = await RingAsync();
        using var http = Visitors.ClientTo(server.Address, from: null);

        using var page = await http.GetAsync("account/login");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Single(made);
        Assert.Equal(made, await RingAsync());
    }

    [Fact]
    public void What_the_framework_makes_ready_for_controllers_is_not()
    {
        object[] ready =
        [
            .. served.Services.GetServices<MatcherPolicy>(),
            .. served.Services.GetServices<IProblemDetailsWriter>(),
            .. served.Services.GetServices<IHostedService>(),
        ];

        Assert.NotEmpty(ready);
        Assert.DoesNotContain(
            ready,
            one =>
                one.GetType().Namespace is { } home
                && (
                    home.StartsWith("Microsoft.AspNetCore.Mvc", StringComparison.Ordinal)
                    || home.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal)
                )
        );
    }

    private AuthServerProcess Start() =>
        AuthServerProcess.Start(
            _folder.Path,
            "--config",
            _folder.Write("own.json", Settings),
            "--Keys:PublishAhead=00:00:04"
        );

    private async Task<List<string>> RingAsync()
    {
        await using var db = new SqliteConnection($"Data Source={_folder.At("authserver.db")};Pooling=false");
        await db.OpenAsync();
        await using var command = db.CreateCommand();
        command.CommandText = """SELECT "Xml" FROM "DataProtectionKeys" ORDER BY "Id" """;
        await using var rows = await command.ExecuteReaderAsync();
        List<string> ring = [];
        while (await rows.ReadAsync())
        {
            ring.Add(rows.GetString(0));
        }

        return ring;
    }

    private static List<string> Names(AuthServerProcess server) =>
        [.. server.LoadedFiles().Select(file => Path.GetFileName(file))];
}
