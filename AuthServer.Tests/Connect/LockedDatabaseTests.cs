using System.Net;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Connect;

/// <summary>A database that another program holds for longer than we wait.</summary>
public class LockedDatabaseTests(LockedDatabaseTests.HastyServer server)
    : IClassFixture<LockedDatabaseTests.HastyServer>
{
    [Fact]
    [Trait("Requirement", "C-22")]
    public async Task It_is_told_with_503_and_forgotten_when_the_lock_is_gone()
    {
        var spa = RelyingParty.Spa(server);
        var first = await spa.SignInAsync(await server.SignedInAsync());

        Answer refused;
        await using (var connection = new SqliteConnection($"{server.Database};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            await command.ExecuteNonQueryAsync();
            refused = await spa.RefreshAsync(first["refresh_token"]);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("temporarily_unavailable", refused["error"]);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await spa.RefreshAsync(first["refresh_token"])).Status);
    }

    /// <summary>It waits a second for the lock.</summary>
    public sealed class HastyServer : Server
    {
        protected override bool IsOnPostgreSql => false;

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Data:ConnectionString", $"{Database};Default Timeout=1");
        }
    }
}
