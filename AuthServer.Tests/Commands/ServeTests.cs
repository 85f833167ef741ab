using System.Runtime.Versioning;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Commands;

public sealed class ServeTests : IDisposable
{
    private const string Rows =
        "SELECT group_concat(v) FROM (SELECT Id || hex(Protected) AS v FROM SigningKeys UNION ALL SELECT Name || hex(Protected) FROM Secrets ORDER BY v)";

    // The variables of the image, while nobody has declared anything.
    private static readonly Dictionary<string, string?> Trial = new()
    {
        ["Issuer"] = null,
        ["Proxies__Known__0"] = null,
        ["Unsafe__AllowLettersToLog"] = null,
        ["Unsafe__TrialWithoutIssuer"] = "true",
    };

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_ends_with_code_0_when_it_is_told_to_stop()
    {
        await using var server = AuthServerProcess.Start(_folder.Path);
        await server.ReadyAsync();

        await server.TerminateAsync();

        Assert.Equal(0, await server.ExitAsync());
        Assert.Empty(server.Error);
    }

    [Fact]
    public async Task Two_that_start_at_once_on_nothing_both_serve_and_share_keys_and_secrets()
    {
        await using var first = AuthServerProcess.Start(_folder.Path);
        await using var second = AuthServerProcess.Start(_folder.Path);

        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());

        Assert.Equal(3L, await ReadAsync("SELECT COUNT(*) FROM SigningKeys"));
        Assert.Equal((long)ServerSecrets.Names.Count, await ReadAsync("SELECT COUNT(*) FROM Secrets"));
        Assert.Single(Directory.GetFiles(_folder.Path, "*master-key*"));
    }

    [Fact]
    public async Task Keys_and_secrets_survive_a_restart()
    {
        await ServeOnceAsync();
        var before = await ReadAsync(Rows);

        await ServeOnceAsync();

        Assert.Equal(before, await ReadAsync(Rows));
    }

    [Fact]
    public async Task A_start_that_was_killed_while_it_migrated_does_not_stop_the_next()
    {
        await ReadAsync(
            """
            CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2020-01-01 00:00:00+00:00');
            """
        );

        await ServeOnceAsync();

        Assert.Equal(3L, await ReadAsync("SELECT COUNT(*) FROM SigningKeys"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_master_key_is_for_its_owner_only()
    {
        await ServeOnceAsync();

        var mode = File.GetUnixFileMode(_folder.At("authserver.db.master-key"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }

    [Fact]
    public async Task In_development_it_says_how_to_try_it()
    {
        var config = _folder.Write(
            "own.json",
            """
            {
              "Users": [{ "Email": "ada@example.org", "Password": "Correct-Horse-7-Battery", "Name": "Ada" }],
              "Clients": [
                { "ClientId": "spa", "GrantTypes": ["authorization_code"], "RedirectUris": ["http://localhost:8081/callback"], "Scopes": ["openid"] },
                { "ClientId": "job", "ClientSecret": "job-secret-0123456789abcdef0123456789ab", "GrantTypes": ["client_credentials"] }
              ]
            }
            """
        );
        var environment = new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
        await using var server = AuthServerProcess.Start(_folder.Path, environment, "--config", config);

        var address = server.Address.ToString().TrimEnd('/');
        await server.SaysAsync($"AuthServer listens at {address}");
        await server.SaysAsync("as ada@example.org with Correct-Horse-7-Battery");
        await server.SaysAsync(
            $"curl -u 'job:job-secret-0123456789abcdef0123456789ab' -d grant_type=client_credentials {address}/connect/token"
        );
    }

    [Fact]
    public async Task Elsewhere_its_log_says_what_to_set_next_and_shows_no_secret()
    {
        await using var server = AuthServerProcess.Start(_folder.Path, Trial);

        await server.SaysAsync("Issuer is not set");
        await server.SaysAsync("Clients is empty");
        await server.SaysAsync("Mail:Host is not set");
        Assert.DoesNotContain("curl", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_serves_as_localhost_and_readiness_tells_of_it()
    {
        await using var server = AuthServerProcess.Start(_folder.Path, Trial);
        await server.ReadyAsync();
        using var http = new HttpClient { BaseAddress = server.Address };

        Assert.Contains(
            "\"issuer\":\"http://localhost:8080/\"",
            (await http.GetStringAsync(".well-known/openid-configuration")).Replace(
                " ",
                "",
                StringComparison.Ordinal
            ),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "TrialWithoutIssuer",
            await http.GetStringAsync("health/ready"),
            StringComparison.Ordinal
        );
    }

    private async Task ServeOnceAsync()
    {
        await using var server = AuthServerProcess.Start(_folder.Path);
        await server.ReadyAsync();
        await server.TerminateAsync();
        Assert.Equal(0, await server.ExitAsync());
    }

    private async Task<object?> ReadAsync(string sql)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={_folder.At("authserver.db")};Pooling=false"
        );
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
