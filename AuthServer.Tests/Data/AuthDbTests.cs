using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Data;

public class AuthDbTests(AuthDbTests.FileServer server) : IClassFixture<AuthDbTests.FileServer>
{
    [Fact]
    public async Task The_migrations_make_the_whole_model()
    {
        Assert.False(await server.WithDbAsync(db => Task.FromResult(db.Database.HasPendingModelChanges())));
        Assert.Empty(await server.WithDbAsync(db => db.Database.GetPendingMigrationsAsync()));
    }

    [Fact]
    public async Task Readers_do_not_wait_for_the_writer_and_a_commit_is_on_disk()
    {
        Assert.Equal("wal", await PragmaAsync<string>("journal_mode"));
        Assert.Equal(2, await PragmaAsync<int>("synchronous"));
    }

    private Task<T> PragmaAsync<T>(string name) =>
        server.WithDbAsync(async db =>
        {
            await db.Database.OpenConnectionAsync();
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"PRAGMA {name}";
            return (T)Convert.ChangeType((await command.ExecuteScalarAsync())!, typeof(T), null);
        });

    /// <summary>On a file, whatever the rest of the run is on.</summary>
    public sealed class FileServer : Server
    {
        protected override bool IsOnPostgreSql => false;
    }
}
