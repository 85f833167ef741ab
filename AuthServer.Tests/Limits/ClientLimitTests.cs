using System.Net;
using AuthServer.Tests.Accounts;
using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Limits;

public sealed class ClientLimitTests : IAsyncLifetime
{
    private readonly LimitedServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_client_that_proves_itself_has_a_quota_of_its_own()
    {
        var report = RelyingParty.Report(_server);
        for (var i = 0; i < LimitedServer.PerClient; i++)
        {
            var byHeader = Wire.Basic(report.ClientId, report.Secret!);
            var answer =
                i % 2 == 0
                    ? await report.ClientCredentialsAsync()
                    : await _server.PostAsync("connect/token", "grant_type=client_credentials", byHeader);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }

        var refused = await report.ClientCredentialsAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal("temporarily_unavailable", refused["error"]);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        var other = await RelyingParty.OrdersApi(_server).IntrospectAsync("x");
        Assert.Equal(HttpStatusCode.OK, other.Status);
        using var page = await _server.Http.GetAsync("account/login");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Theory]
    [InlineData("connect/token", "grant_type=client_credentials")]
    [InlineData("connect/introspect", "token=x")]
    [InlineData("connect/revoke", "token=x")]
    [InlineData("connect/par", "response_type=code")]
    public async Task Secrets_that_are_wrong_are_counted_at_the_address_and_not_at_the_client(
        string path,
        string body
    )
    {
        var report = RelyingParty.Report(_server);
        for (var i = 0; i < LimitedServer.Global; i++)
        {
            var answer = await _server.PostAsync(path, body, Wire.Basic(report.ClientId, $"wrong{i}"));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        }

        var guess = await _server.PostAsync(path, body, Wire.Basic(report.ClientId, "wrong"));
        var right = await report.ClientCredentialsAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, guess.Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, right.Status);
        for (var i = 0; i < LimitedServer.PerClient; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await FromElsewhereAsync(report));
        }
    }

    [Fact]
    public async Task A_public_client_does_not_escape_its_address_by_a_secret()
    {
        var spa = RelyingParty.Spa(_server) with { Secret = "a-secret-that-it-cannot-have-0123456789" };
        for (var i = 0; i < LimitedServer.Global; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await spa.RefreshAsync("x")).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await spa.RefreshAsync("x")).Status);
    }

    [Theory]
    [InlineData("connect/token", "grant_type=refresh_token&client_id=shop-spa&refresh_token=x", null)]
    [InlineData("connect/token", "grant_type=authorization_code&client_id=shop-spa&code=x", null)]
    [InlineData("connect/token", "garbage", null)]
    [InlineData("connect/token", "grant_type=client_credentials", "Basic garbage")]
    [InlineData("connect/introspect", "token=x&client_id=shop-spa", null)]
    [InlineData("connect/revoke", "token=x", null)]
    [InlineData("connect/par", "client_id=shop-spa", null)]
    [InlineData("connect/userinfo", "", "Bearer x")]
    [InlineData("connect/token", "a=%00", null)]
    public async Task What_the_engine_refuses_is_counted_at_the_address(
        string path,
        string body,
        string? authorization
    )
    {
        for (var i = 0; i < LimitedServer.Global; i++)
        {
            var answer = await _server.PostAsync(path, body, authorization);
            Assert.NotEqual(HttpStatusCode.TooManyRequests, answer.Status);
        }

        using var refused = await _server.Http.GetAsync("account/login");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task Honest_refreshes_are_charged_to_the_person_and_not_to_the_office_they_sit_in()
    {
        var spa = RelyingParty.Spa(_server);
        var refreshTokens = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            refreshTokens.Add(await ArriveAsync(spa, $"127.0.0.{20 + i}"));
        }

        // Three times four refreshes: more than one address has.
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < refreshTokens.Count; i++)
            {
                var answer = await spa.RefreshAsync(refreshTokens[i]);
                Assert.Equal(HttpStatusCode.OK, answer.Status);
                refreshTokens[i] = answer["refresh_token"];
            }
        }

        using var page = await _server.Http.GetAsync("account/login");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Whoever_has_used_up_their_own_is_refused_and_not_their_address_and_may_refresh_later()
    {
        var spa = RelyingParty.Spa(_server);
        var tokens = await TokensAsync(spa, "127.0.0.20");
        _server.Clock.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < LimitedServer.PerUser; i++)
        {
            tokens = await spa.RefreshAsync(tokens["refresh_token"]);
            Assert.Equal(HttpStatusCode.OK, tokens.Status);
        }

        for (var i = 0; i < LimitedServer.Global; i++)
        {
            AssertTooMany(await spa.RefreshAsync(tokens["refresh_token"]));
            AssertTooMany(await spa.UserInfoAsync(tokens["access_token"]));
        }

        using var page = await _server.Http.GetAsync("account/login");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var other = await TokensAsync(spa, "127.0.0.21");
        Assert.Equal(HttpStatusCode.OK, (await spa.UserInfoAsync(other["access_token"])).Status);
        _server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await spa.RefreshAsync(tokens["refresh_token"])).Status);
    }

    [Fact]
    public async Task Pages_refreshes_and_userinfo_of_one_person_are_one_budget()
    {
        var spa = RelyingParty.Spa(_server);
        const string email = "busy@example.org";
        await _server.AddAccountAsync(email);
        using var browser = new Browser(_server, "127.0.0.20");
        await browser.SignInAsync(email);
        var tokens = await spa.RedeemAsync(await spa.AuthorizeAsync(browser));
        _server.Clock.Advance(TimeSpan.FromMinutes(2));

        for (var i = 0; i < LimitedServer.PerUser; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await spa.UserInfoAsync(tokens["access_token"])).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.GetAsync("account/login")).Status);
        _server.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < LimitedServer.PerUser; i++)
        {
            Assert.NotEqual(HttpStatusCode.TooManyRequests, (await browser.GetAsync("account/login")).Status);
        }

        AssertTooMany(await spa.RefreshAsync(tokens["refresh_token"]));
    }

    [Fact]
    public async Task A_client_that_proves_itself_refreshes_for_its_people_at_its_own_cost()
    {
        var partner = RelyingParty.Partner(_server);
        const string email = "guest@example.org";
        await _server.AddAccountAsync(email);
        using var browser = new Browser(_server, "127.0.0.20");
        await browser.SignInAsync(email);
        var consented = await browser.AllowAsync(await browser.AskAsync(partner));
        var tokens = await partner.RedeemAsync(consented.Callback(partner)["code"]);
        _server.Clock.Advance(TimeSpan.FromMinutes(2));

        for (var i = 0; i < LimitedServer.PerClient; i++)
        {
            tokens = await partner.RefreshAsync(tokens["refresh_token"]);
            Assert.Equal(HttpStatusCode.OK, tokens.Status);
        }

        AssertTooMany(await partner.RefreshAsync(tokens["refresh_token"]));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await browser.GetAsync("account/login")).Status);
    }

    [Fact]
    public async Task Userinfo_is_charged_to_the_person_whose_token_is_good()
    {
        var spa = RelyingParty.Spa(_server);
        var tokens = await TokensAsync(spa, "127.0.0.20");
        _server.Clock.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < LimitedServer.PerUser; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await spa.UserInfoAsync(tokens["access_token"])).Status);
        }

        for (var i = 0; i < LimitedServer.Global; i++)
        {
            using var page = await _server.Http.GetAsync("account/login");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }
    }

    private static void AssertTooMany(Answer answer)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Equal("temporarily_unavailable", answer["error"]);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }

    private async Task<HttpStatusCode> FromElsewhereAsync(RelyingParty client)
    {
        using var http = _server.ClientFrom("127.0.0.7");
        using var request = new HttpRequestMessage(HttpMethod.Post, "connect/token");
        request.Content = new StringContent("grant_type=client_credentials", null, Wire.Form);
        request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic(client.ClientId, client.Secret!));
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<string> ArriveAsync(RelyingParty spa, string from) =>
        (await TokensAsync(spa, from))["refresh_token"];

    // Somebody new, who signs in at an address of their own, so that what follows begins with fresh counters.
    private async Task<Answer> TokensAsync(RelyingParty spa, string from)
    {
        var email = $"person-at-{from.Replace(".", "-", StringComparison.Ordinal)}@example.org";
        await _server.AddAccountAsync(email);
        using var browser = new Browser(_server, from);
        await browser.SignInAsync(email);
        var code = await spa.AuthorizeAsync(browser);
        var tokens = await spa.RedeemAsync(code);
        Assert.Equal(HttpStatusCode.OK, tokens.Status);
        return tokens;
    }
}
