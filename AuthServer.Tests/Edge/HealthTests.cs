using System.Net;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Edge;

public class HealthTests : IAsyncLifetime
{
    private readonly Server _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task It_is_ready_while_its_database_answers()
    {
        using var answer = await _server.Http.GetAsync("health/ready");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("ready", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_its_database_it_is_not_ready_but_lives()
    {
        File.Delete(Path.Combine(_server.Folder, "test.db"));

        using var ready = await _server.Http.GetAsync("health/ready");
        using var live = await _server.Http.GetAsync("health/live");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("not ready", await ready.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Theory]
    [InlineData("""ALTER TABLE "OpenIddictTokens" RENAME TO "Elsewhere" """)]
    [InlineData("""DROP TABLE "__EFMigrationsHistory" """)]
    [InlineData(
        """DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = (SELECT MAX("MigrationId") FROM "__EFMigrationsHistory")"""
    )]
    public async Task With_a_table_missing_or_an_older_schema_it_is_not_ready(string change)
    {
        await _server.WithDbAsync(db => db.Database.ExecuteSqlRawAsync(change));

        using var ready = await _server.Http.GetAsync("health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("not ready", await ready.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_file_put_in_the_place_of_its_database_is_noticed_though_it_still_holds_the_old_one_open()
    {
        using var before = await _server.Http.GetAsync("health/ready");
        foreach (var file in new[] { "test.db", "test.db-wal", "test.db-shm" })
        {
            File.Delete(Path.Combine(_server.Folder, file));
        }

        await using var other = new SqliteConnection(
            $"Data Source={Path.Combine(_server.Folder, "test.db")};Pooling=false"
        );
        await other.OpenAsync();
        await using var command = other.CreateCommand();
        command.CommandText = "CREATE TABLE notes (text TEXT)";
        await command.ExecuteNonQueryAsync();

        using var after = await _server.Http.GetAsync("health/ready");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, after.StatusCode);
    }
}
