using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>The time of a token, told by moving the clock under it; each test puts the clock back.</summary>
[Trait("Requirement", "C-44")]
public class TokenTimeTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Theory]
    [InlineData(14 * 60, true)]
    [InlineData(16 * 60, false)]
    [InlineData(24 * 60 * 60, false)]
    [InlineData(-50, true)]
    [InlineData(-70, false)]
    [InlineData(-24 * 60 * 60, false)]
    public async Task An_access_token_is_good_from_its_iat_to_its_exp_with_a_minute_of_skew_at_most(
        int seconds,
        bool isGood
    )
    {
        var tokens = await _spa.SignInAsync(await server.SignedInAsync());
        var report = (await RelyingParty.Report(server).ClientCredentialsAsync())["access_token"];
        var by = TimeSpan.FromSeconds(seconds);

        server.Clock.Advance(by);
        var userInfo = await _spa.UserInfoAsync(tokens["access_token"]);
        var isActive = await server.IsActiveAsync(tokens["access_token"]);
        var isReportActive = await server.IsActiveAsync(report);
        server.Clock.Advance(-by);

        Assert.Equal(isGood ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, userInfo.Status);
        Assert.Equal(isGood, isActive);
        Assert.Equal(isGood, isReportActive);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_costs_no_client_its_refresh_token()
    {
        var first = await _spa.SignInAsync(await server.SignedInAsync());
        var second = await _spa.RefreshAsync(first["refresh_token"]);

        server.Clock.Advance(TimeSpan.FromHours(-1));
        var third = await _spa.RefreshAsync(second["refresh_token"]);
        server.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.OK, third.Status);
    }
}
