using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Data.PostgreSql;

/// <summary>A primary that is lost, and a synchronous standby that takes its place.</summary>
public sealed class FailoverTests
{
    [PostgreSqlFact]
    [Trait("Requirement", "D-06")]
    public async Task What_was_answered_is_good_on_the_standby_that_takes_over()
    {
        await using var primary = await PostgreSqlServer.StartAsync();
        await using var standby = await primary.FollowAsync();
        await primary.ExecuteAsync("CREATE DATABASE authserver");
        await using var server = new OwnPostgreSqlServer(primary.Reach("authserver", standby));
        await server.InitializeAsync();
        var spa = RelyingParty.Spa(server);
        var first = await spa.SignInAsync(await server.SignedInAsync());
        var second = await spa.RefreshAsync(first["refresh_token"]);
        var ended = await spa.SignInAsync(await server.SignedInAsync());
        await spa.RevokeAsync(ended["refresh_token"]);

        await primary.KillAsync();
        AwayTests.AssertAway(await spa.RefreshAsync(second["refresh_token"]));
        await standby.PromoteAsync();
        await server.ReadyAsync(HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.OK, (await spa.RefreshAsync(second["refresh_token"])).Status);
        Assert.Equal("invalid_grant", (await spa.RefreshAsync(ended["refresh_token"]))["error"]);
    }
}
