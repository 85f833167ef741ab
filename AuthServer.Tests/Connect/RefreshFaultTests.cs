using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>A database that fails, and a client that goes away, in the midst of a rotation: both or neither.</summary>
public class RefreshFaultTests(FailingServer server) : IClassFixture<FailingServer>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    /// <summary>The statements of a rotation and of a redemption, and how many of their kind come before.</summary>
    public static TheoryData<string, int> Points =>
        new()
        {
            { "UPDATE \"OpenIddictTokens\"", 0 },
            { "INSERT INTO \"OpenIddictTokens\"", 0 },
            { "INSERT INTO \"Audit\"", 0 },
            { Failpoint.Commit, 0 },
        };

    [Theory]
    [MemberData(nameof(Points))]
    [Trait("Requirement", "C-22")]
    public async Task A_rotation_that_could_not_be_stored_has_not_happened(string statement, int skip)
    {
        var first = await _spa.SignInAsync(await server.SignedInAsync());

        server.Failpoint.Fail(skip, statement);
        var failed = await _spa.RefreshAsync(first["refresh_token"]);

        Assert.True(server.Failpoint.HasSprung);
        AssertUnavailable(failed);
        Assert.Equal(1, await server.CountLiveLeavesAsync(first));
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        var again = await _spa.RefreshAsync(first["refresh_token"]);
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(1, await server.CountLiveLeavesAsync(first));
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(again["refresh_token"])).Status);
    }

    [Theory]
    [MemberData(nameof(Points))]
    [Trait("Requirement", "C-15")]
    public async Task A_redemption_that_could_not_be_stored_has_not_happened(string statement, int skip)
    {
        var code = await _spa.AuthorizeAsync(await server.SignedInAsync());

        server.Failpoint.Fail(skip, statement);
        var failed = await _spa.RedeemAsync(code);

        Assert.True(server.Failpoint.HasSprung);
        AssertUnavailable(failed);
        var again = await _spa.RedeemAsync(code);
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(1, await server.CountLiveLeavesAsync(again));
        Assert.True(await server.IsActiveAsync(again["access_token"]));
    }

    [Theory]
    [InlineData("UPDATE \"OpenIddictTokens\"")]
    [InlineData("INSERT INTO \"OpenIddictTokens\"")]
    [InlineData(Failpoint.Commit)]
    [Trait("Requirement", "C-23")]
    public async Task A_client_that_goes_away_in_the_midst_of_a_rotation_may_come_back(string statement)
    {
        var first = await _spa.SignInAsync(await server.SignedInAsync());
        var gone = new TaskCompletionSource();
        using var patience = new CancellationTokenSource();

        var reached = server.Failpoint.HoldAsync(gone.Task, statement);
        var answer = RefreshAsync(first["refresh_token"], patience.Token);
        await reached;
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        gone.SetResult();

        var again = await _spa.RefreshAsync(first["refresh_token"]);
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(1, await server.CountLiveLeavesAsync(first));
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(again["refresh_token"])).Status);
    }

    [Fact]
    [Trait("Requirement", "C-24")]
    public async Task A_replay_whose_end_of_the_family_could_not_be_stored_gives_nothing_and_ends_it_at_the_next()
    {
        var first = await _spa.SignInAsync(await server.SignedInAsync());
        var second = await _spa.RefreshAsync(first["refresh_token"]);
        var third = await _spa.RefreshAsync(second["refresh_token"]);

        server.Failpoint.Fail(0, "UPDATE \"OpenIddictAuthorizations\"");
        var failed = await _spa.RefreshAsync(first["refresh_token"]);

        Assert.True(server.Failpoint.HasSprung);
        AssertUnavailable(failed);
        Assert.Equal("invalid_grant", (await _spa.RefreshAsync(first["refresh_token"]))["error"]);
        Assert.Equal("invalid_grant", (await _spa.RefreshAsync(third["refresh_token"]))["error"]);
    }

    private static void AssertUnavailable(Answer answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("temporarily_unavailable", answer["error"]);
        Assert.Matches("^[0-9a-f]{32}$", answer["reference"]);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.False(answer.Has("access_token"));
        Assert.False(answer.Has("refresh_token"));
    }

    private async Task RefreshAsync(string refreshToken, CancellationToken cancellation)
    {
        using var form = new FormUrlEncodedContent([
            new("grant_type", "refresh_token"),
            new("refresh_token", refreshToken),
            new("client_id", "shop-spa"),
        ]);
        using var answer = await server.Http.PostAsync("connect/token", form, cancellation);
    }
}
