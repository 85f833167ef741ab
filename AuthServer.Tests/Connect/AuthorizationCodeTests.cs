using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

public class AuthorizationCodeTests(MoreClients server) : IClassFixture<MoreClients>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Theory]
    [Trait("Requirement", "C-15")]
    [InlineData(40, HttpStatusCode.OK)]
    [InlineData(61, HttpStatusCode.BadRequest)]
    public async Task A_code_is_good_for_a_minute(int secondsLater, HttpStatusCode status)
    {
        using var browser = await server.SignedInAsync();
        var code = await _spa.AuthorizeAsync(browser);

        server.Clock.Advance(TimeSpan.FromSeconds(secondsLater));
        var answer = await _spa.RedeemAsync(code);

        Assert.Equal(status, answer.Status);
        Assert.Equal(
            status == HttpStatusCode.OK ? null : "invalid_grant",
            answer.Has("error") ? answer["error"] : null
        );
    }

    [Theory]
    [Trait("Requirement", "C-15")]
    [InlineData("http://localhost:5173/other")]
    [InlineData("http://localhost:5173/callback/")]
    [InlineData("HTTP://localhost:5173/callback")]
    [InlineData("http://localhost:5173/callback?")]
    [InlineData("com.example.shop:/callback")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_code_is_good_only_with_the_redirect_uri_of_its_request(string? uri)
    {
        using var browser = await server.SignedInAsync();
        var code = await _spa.AuthorizeAsync(browser);

        var wrong = await _spa.RedeemAsync(code, ("redirect_uri", uri));
        var right = await _spa.RedeemAsync(code);

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains(wrong["error"], (string[])["invalid_grant", "invalid_request"]);
        Assert.Equal(HttpStatusCode.OK, right.Status);
    }

    [Fact]
    [Trait("Requirement", "C-15")]
    public async Task A_code_is_good_only_for_its_client()
    {
        using var browser = await server.SignedInAsync();
        var code = await _spa.AuthorizeAsync(browser);
        RelyingParty[] others =
        [
            RelyingParty.Mobile(server),
            RelyingParty.Partner(server),
            server.Legacy,
            server.Crm,
        ];

        foreach (var other in others)
        {
            var thief = other with { RedirectUri = _spa.RedirectUri, Verifier = _spa.Verifier };
            Assert.Equal("invalid_grant", (await thief.RedeemAsync(code))["error"]);
        }

        Assert.Equal(HttpStatusCode.OK, (await _spa.RedeemAsync(code)).Status);
    }

    [Theory]
    [Trait("Requirement", "C-15")]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("../../etc/passwd")]
    public async Task What_is_no_code_is_refused(string code)
    {
        var answer = await _spa.RedeemAsync(code);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(answer["error"], (string[])["invalid_grant", "invalid_request"]);
    }

    [Fact]
    [Trait("Requirement", "C-15")]
    [Trait("Requirement", "C-36")]
    public async Task No_other_token_passes_for_a_code_and_a_code_for_none()
    {
        using var browser = await server.SignedInAsync();
        var tokens = await _spa.SignInAsync(browser);
        var code = await _spa.AuthorizeAsync(browser);

        foreach (var name in (string[])["access_token", "id_token", "refresh_token"])
        {
            Assert.Equal("invalid_grant", (await _spa.RedeemAsync(tokens[name]))["error"]);
        }

        Assert.Equal("invalid_grant", (await _spa.RefreshAsync(code))["error"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _spa.UserInfoAsync(code)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RedeemAsync(code)).Status);
    }

    [Theory]
    [Trait("Requirement", "C-16")]
    [InlineData(0)]
    [InlineData(30)]
    public async Task A_code_that_comes_back_ends_everything_that_it_gave(int secondsLater)
    {
        using var browser = await server.SignedInAsync();
        var code = await _spa.AuthorizeAsync(browser);
        var tokens = await _spa.RedeemAsync(code);
        var refreshed = await _spa.RefreshAsync(tokens["refresh_token"]);

        server.Clock.Advance(TimeSpan.FromSeconds(secondsLater));
        var replayed = await _spa.RedeemAsync(code);

        Assert.Equal("invalid_grant", replayed["error"]);
        await AssertDeadAsync(tokens);
        await AssertDeadAsync(refreshed);
    }

    [Fact]
    [Trait("Requirement", "C-16")]
    public async Task After_its_minute_it_is_refused_and_ends_nothing()
    {
        // A person who opens an old callback address out of the history does not sign themselves out.
        using var browser = await server.SignedInAsync();
        var code = await _spa.AuthorizeAsync(browser);
        var tokens = await _spa.RedeemAsync(code);

        server.Clock.Advance(TimeSpan.FromSeconds(61));
        var replayed = await _spa.RedeemAsync(code);

        Assert.Equal("invalid_grant", replayed["error"]);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(tokens["refresh_token"])).Status);
    }

    [Fact]
    [Trait("Requirement", "C-16")]
    public async Task It_ends_nothing_else()
    {
        using var browser = await server.SignedInAsync();
        var other = await _spa.SignInAsync(browser);
        var code = await _spa.AuthorizeAsync(browser);
        await _spa.RedeemAsync(code);

        await _spa.RedeemAsync(code);

        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(other["refresh_token"])).Status);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Theory]
    [Trait("Requirement", "C-17")]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(50)]
    public async Task In_parallel_a_code_gives_tokens_once_and_they_die_of_the_rest(int calls)
    {
        using var browser = await server.SignedInAsync();
        var code = await _spa.AuthorizeAsync(browser);

        var answers = await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => _spa.RedeemAsync(code)));

        var tokens = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(
            answers.Except([tokens]),
            answer =>
                Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer["error"]))
        );
        await AssertDeadAsync(tokens);
    }

    private async Task AssertDeadAsync(Answer tokens)
    {
        var seen = await RelyingParty.OrdersApi(server).IntrospectAsync(tokens["access_token"]);
        Assert.False(seen.Json.GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, (await _spa.UserInfoAsync(tokens["access_token"])).Status);
        Assert.Equal("invalid_grant", (await _spa.RefreshAsync(tokens["refresh_token"]))["error"]);
    }
}
