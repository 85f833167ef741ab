using System.Net;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Npgsql;

namespace AuthServer.Tests.Data.PostgreSql;

/// <summary>More requests than connections to the database.</summary>
public sealed class PoolTests(PoolTests.SmallServer server) : IClassFixture<PoolTests.SmallServer>
{
    [PostgreSqlFact]
    [Trait("Requirement", "D-08")]
    public async Task Whoever_finds_no_free_connection_is_told_to_come_again_and_keys_are_served_as_ever()
    {
        var spa = RelyingParty.Spa(server);
        using var browser = await server.SignedInAsync();
        var (first, second) = (await spa.SignInAsync(browser), await spa.SignInAsync(browser));
        var lockOfTokens = await server.LockTokensAsync();
        var held = spa.RefreshAsync(first["refresh_token"]);
        await lockOfTokens.WaitedForAsync();

        var refused = await spa.RefreshAsync(second["refresh_token"]);
        using var keys = await server.Http.GetAsync(".well-known/jwks");
        await lockOfTokens.DisposeAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, keys.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await held).Status);
        Assert.Equal(HttpStatusCode.OK, (await spa.RefreshAsync(second["refresh_token"])).Status);
    }

    /// <summary>A server with one connection.</summary>
    public class SmallServer : PostgreSqlTestServer
    {
        /// <summary>Seconds that a request waits for the connection, once.</summary>
        protected virtual int Timeout => 1;

        /// <summary>Lets nobody else write tokens.</summary>
        internal Task<TokenLock> LockTokensAsync() => TokenLock.TakeAsync(Database);

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            var settings = new NpgsqlConnectionStringBuilder(Database) { MaxPoolSize = 1, Timeout = Timeout };
            builder.UseSetting("Data:ConnectionString", settings.ConnectionString);
        }
    }

    /// <summary>Another program that has locked the table of tokens.</summary>
    internal sealed class TokenLock(NpgsqlConnection connection) : IAsyncDisposable
    {
        public static async Task<TokenLock> TakeAsync(string database)
        {
            var connection = new NpgsqlConnection($"{database};Pooling=false");
            await connection.OpenAsync();
            var taken = new TokenLock(connection);
            await taken.AskAsync("BEGIN; LOCK TABLE \"OpenIddictTokens\" IN EXCLUSIVE MODE; SELECT 1");
            return taken;
        }

        /// <summary>Comes back when somebody waits for the lock.</summary>
        public async Task WaitedForAsync()
        {
            while (await AskAsync("SELECT count(*)::int FROM pg_locks WHERE NOT granted") == 0)
            {
                await Task.Delay(20);
            }
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private async Task<int> AskAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (int)(await command.ExecuteScalarAsync())!;
        }
    }
}
