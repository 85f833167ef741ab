using System.Net;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Connect;

public class RefreshTokenTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(50)]
    [Trait("Requirement", "C-22")]
    public async Task In_parallel_one_refresh_token_has_one_successor(int calls)
    {
        var first = await SignInAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, calls).Select(_ => _spa.RefreshAsync(first["refresh_token"]))
        );

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var successor = Assert.Single(answers.Select(answer => answer["refresh_token"]).Distinct());
        Assert.Equal(1, await LiveRefreshTokensAsync(first));
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(successor)).Status);
    }

    [Fact]
    [Trait("Requirement", "C-22")]
    public async Task In_parallel_with_a_replay_a_family_never_has_two_live_leaves()
    {
        var first = await SignInAsync();
        var second = await _spa.RefreshAsync(first["refresh_token"]);

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => _spa.RefreshAsync((i % 2 == 0 ? first : second)["refresh_token"]))
        );

        Assert.InRange(await LiveRefreshTokensAsync(first), 0, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [Trait("Requirement", "C-23")]
    public async Task A_client_whose_answer_was_lost_gets_the_same_successor(int secondsLater)
    {
        var first = await SignInAsync();
        var lost = await _spa.RefreshAsync(first["refresh_token"]);

        server.Clock.Advance(TimeSpan.FromSeconds(secondsLater));
        var retried = await _spa.RefreshAsync(first["refresh_token"]);

        Assert.Equal(HttpStatusCode.OK, retried.Status);
        Assert.Equal(lost["refresh_token"], retried["refresh_token"]);
        Assert.NotEqual(lost["access_token"], retried["access_token"]);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(retried["refresh_token"])).Status);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(31)]
    [Trait("Requirement", "C-23")]
    [Trait("Requirement", "C-24")]
    public async Task A_used_refresh_token_that_comes_back_after_the_grace_ends_its_family(int secondsLater)
    {
        var first = await SignInAsync();
        var second = await _spa.RefreshAsync(first["refresh_token"]);

        server.Clock.Advance(TimeSpan.FromSeconds(secondsLater));
        var replayed = await _spa.RefreshAsync(first["refresh_token"]);

        AssertRefused(replayed);
        AssertRefused(await _spa.RefreshAsync(second["refresh_token"]));
        Assert.Equal(1, await ReuseDetectionsAsync(first));
    }

    [Fact]
    [Trait("Requirement", "C-24")]
    public async Task The_use_of_the_successor_ends_the_grace_of_the_one_before()
    {
        var first = await SignInAsync();
        var second = await _spa.RefreshAsync(first["refresh_token"]);
        var third = await _spa.RefreshAsync(second["refresh_token"]);

        var replayed = await _spa.RefreshAsync(first["refresh_token"]);

        AssertRefused(replayed);
        AssertRefused(await _spa.RefreshAsync(third["refresh_token"]));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _spa.UserInfoAsync(third["access_token"])).Status);
        Assert.Equal(1, await ReuseDetectionsAsync(first));
    }

    [Fact]
    [Trait("Requirement", "C-24")]
    public async Task A_replay_ends_only_its_own_family()
    {
        var first = await SignInAsync();
        var other = await SignInAsync();
        var second = await _spa.RefreshAsync(first["refresh_token"]);
        await _spa.RefreshAsync(second["refresh_token"]);

        await _spa.RefreshAsync(first["refresh_token"]);

        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(other["refresh_token"])).Status);
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task An_unused_refresh_token_dies_after_seven_days()
    {
        var first = await SignInAsync();

        server.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));

        AssertRefused(await _spa.RefreshAsync(first["refresh_token"]));
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task A_busy_family_dies_thirty_days_after_the_sign_in()
    {
        var tokens = await SignInAsync();

        for (var day = 6; day < 30; day += 6)
        {
            server.Clock.Advance(TimeSpan.FromDays(6));
            tokens = await _spa.RefreshAsync(tokens["refresh_token"]);
            Assert.Equal(HttpStatusCode.OK, tokens.Status);
        }

        server.Clock.Advance(TimeSpan.FromDays(6) - TimeSpan.FromMinutes(1));
        tokens = await _spa.RefreshAsync(tokens["refresh_token"]);
        Assert.Equal(HttpStatusCode.OK, tokens.Status);
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        AssertRefused(await _spa.RefreshAsync(tokens["refresh_token"]));
    }

    [Fact]
    [Trait("Requirement", "C-26")]
    public async Task A_refresh_may_narrow_the_access_token_but_never_widen_it()
    {
        var first = await SignInAsync();

        var narrowed = await _spa.RefreshAsync(first["refresh_token"], ("scope", "openid"));
        var restored = await _spa.RefreshAsync(narrowed["refresh_token"]);
        var widened = await _spa.RefreshAsync(restored["refresh_token"], ("scope", "openid orders.write"));

        Assert.Equal("openid", ScopeOf(narrowed));
        Assert.Contains(
            "orders.read",
            Jwt.Payload(restored["access_token"])["scope"]!.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.BadRequest, widened.Status);
        Assert.Equal("invalid_scope", widened["error"]);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(restored["refresh_token"])).Status);
    }

    [Fact]
    [Trait("Requirement", "C-26")]
    public async Task Another_client_cannot_use_it()
    {
        var first = await SignInAsync();

        var stolen = await RelyingParty.Partner(server).RefreshAsync(first["refresh_token"]);

        AssertRefused(stolen);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(first["refresh_token"])).Status);
    }

    [Fact]
    [Trait("Requirement", "C-07")]
    public async Task A_scope_that_was_taken_from_the_client_is_gone_at_the_next_refresh()
    {
        var mobile = RelyingParty.Mobile(server);
        var first = await mobile.SignInAsync(await server.SignedInAsync());
        await server.ChangeClientAsync(
            "shop-mobile",
            client =>
            {
                client.Permissions.Remove("scp:orders.read");
                client.Permissions.Add("scp:gone");
            }
        );

        var second = await mobile.RefreshAsync(first["refresh_token"]);

        Assert.Contains("orders.read", ScopeOf(first), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.DoesNotContain("orders.read", ScopeOf(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_claims_are_those_of_today()
    {
        var browser = await server.SignedInAsync(await server.NewPersonAsync("Before Marriage"));
        var partner = RelyingParty.Spa(server);
        var first = await partner.SignInAsync(browser);
        await server.WithDbAsync(db =>
            db.Users.Where(account => account.Name == "Before Marriage")
                .ExecuteUpdateAsync(set => set.SetProperty(account => account.Name, "After Marriage"))
        );

        var second = await partner.RefreshAsync(first["refresh_token"]);

        Assert.Equal("After Marriage", (await partner.UserInfoAsync(second["access_token"]))["name"]);
    }

    private static string ScopeOf(Answer tokens) => Jwt.Payload(tokens["access_token"])["scope"]!.ToString();

    private async Task<Answer> SignInAsync()
    {
        var tokens = await _spa.SignInAsync(await server.SignedInAsync());
        Assert.Equal(HttpStatusCode.OK, tokens.Status);
        return tokens;
    }

    private static void AssertRefused(Answer answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_grant", answer["error"]);
    }

    private Task<int> LiveRefreshTokensAsync(Answer tokens)
    {
        var family = Jwt.Payload(tokens["access_token"])["oi_au_id"]!.ToString();
        return server.WithDbAsync(db =>
            db.Tokens.CountAsync(token =>
                token.Authorization!.Id == family
                && token.Authorization.Status == "valid"
                && token.Type == "urn:ietf:params:oauth:token-type:refresh_token"
                && token.Status == "valid"
            )
        );
    }

    private async Task<int> ReuseDetectionsAsync(Answer tokens)
    {
        var session = Jwt.Payload(tokens["id_token"])["sid"]!.ToString();
        return await server.WithDbAsync(db =>
            db.Audit.CountAsync(entry =>
                entry.Event == "refresh.reuse_detected" && entry.SessionId == session
            )
        );
    }
}
