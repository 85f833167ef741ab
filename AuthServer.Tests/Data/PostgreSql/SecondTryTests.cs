using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Data.PostgreSql;

/// <summary>A connection that is free again while somebody waits for it.</summary>
public sealed class SecondTryTests(SecondTryTests.PatientServer server)
    : IClassFixture<SecondTryTests.PatientServer>
{
    [PostgreSqlFact]
    [Trait("Requirement", "D-08")]
    public async Task Whoever_gets_a_connection_at_the_second_try_is_answered()
    {
        var spa = RelyingParty.Spa(server);
        using var browser = await server.SignedInAsync();
        var (first, second) = (await spa.SignInAsync(browser), await spa.SignInAsync(browser));
        var lockOfTokens = await server.LockTokensAsync();
        var held = spa.RefreshAsync(first["refresh_token"]);
        await lockOfTokens.WaitedForAsync();

        var waiting = spa.RefreshAsync(second["refresh_token"]);
        await Task.Delay(TimeSpan.FromSeconds(PatientServer.Wait + 1));
        await lockOfTokens.DisposeAsync();

        Assert.Equal(HttpStatusCode.OK, (await held).Status);
        Assert.Equal(HttpStatusCode.OK, (await waiting).Status);
    }

    /// <summary>A server with one connection, for which a request waits twice as long as the lock is held, and a bit.</summary>
    public sealed class PatientServer : PoolTests.SmallServer
    {
        internal const int Wait = 3;

        protected override int Timeout => Wait;
    }
}
