using System.Net;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Commands;

/// <summary>What is left when a server is killed, or what it stood on is lost.</summary>
public sealed class KilledTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Requirement", "D-01")]
    public async Task All_that_was_answered_is_there_after_a_kill()
    {
        string live;
        string dead;
        await using (var server = await StartAsync())
        {
            live = await server.NewFamilyAsync();
            dead = await server.NewFamilyAsync();
            live = (await server.Spa.RefreshAsync(live))["refresh_token"];
            Assert.Equal(HttpStatusCode.OK, (await server.Spa.RevokeAsync(dead)).Status);
            // Disposal kills it.
        }

        await using var next = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await next.Spa.RefreshAsync(live)).Status);
        Assert.Equal("invalid_grant", (await next.Spa.RefreshAsync(dead))["error"]);
    }

    [Fact]
    [Trait("Requirement", "D-18")]
    public async Task A_copy_made_while_it_serves_serves_again_with_the_same_master_key()
    {
        string live;
        string dead;
        await using (var server = await StartAsync())
        {
            live = await server.NewFamilyAsync();
            dead = await server.NewFamilyAsync();
            await server.Spa.RevokeAsync(dead);
            await CopyAsync();
        }

        File.Delete(_folder.At("authserver.db-wal"));
        File.Delete(_folder.At("authserver.db-shm"));
        File.Move(_folder.At("copy.db"), _folder.At("authserver.db"), overwrite: true);
        await using var restored = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await restored.Spa.RefreshAsync(live)).Status);
        Assert.Equal("invalid_grant", (await restored.Spa.RefreshAsync(dead))["error"]);
    }

    private async Task CopyAsync()
    {
        var database = $"Data Source={_folder.At("authserver.db")};Pooling=false";
        await using var connection = new SqliteConnection(database);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", _folder.At("copy.db"));
        await command.ExecuteNonQueryAsync();
    }

    private async Task<Served> StartAsync()
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Passwords__BcryptCost"] = "4",
        };
        var process = AuthServerProcess.Start(_folder.Path, environment);
        await process.ReadyAsync();
        return new Served(process);
    }

    /// <summary>The demo of Development, in a process of its own.</summary>
    private sealed class Served(AuthServerProcess process) : IAddress, IAsyncDisposable
    {
        public Uri Address => process.Address;

        public HttpClient Http { get; } = Visitors.ClientTo(process.Address, from: null);

        public RelyingParty Spa => new(this, "spa", "http://localhost:8081/callback");

        /// <summary>The refresh token of a new family.</summary>
        public async Task<string> NewFamilyAsync()
        {
            using var browser = new Browser(Address);
            await browser.SignInAsync();
            return (await Spa.SignInAsync(browser))["refresh_token"];
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await process.DisposeAsync();
        }
    }
}
