using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

[Trait("Requirement", "C-10")]
public class PushedAuthorizationTests(MoreClients server) : IClassFixture<MoreClients>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);
    private readonly RelyingParty _partner = RelyingParty.Partner(server);

    [Fact]
    public async Task A_pushed_request_gives_a_code()
    {
        using var browser = await server.SignedInAsync();

        var pushed = await _spa.PushAsync();
        var page = await browser.GetAsync(_spa.PushedUrl(pushed["request_uri"]));

        Assert.Equal(HttpStatusCode.Created, pushed.Status);
        Assert.StartsWith(
            "urn:ietf:params:oauth:request_uri:",
            pushed["request_uri"],
            StringComparison.Ordinal
        );
        Assert.Equal("60", pushed["expires_in"]);
        Assert.True(pushed.Headers.CacheControl?.NoStore);
        var told = page.Callback(_spa);
        Assert.Equal("the-state", told["state"]);
        Assert.Equal(server.Address.ToString(), told["iss"]);
        var tokens = await _spa.RedeemAsync(told["code"]);
        Assert.Equal("the-nonce", Jwt.Payload(tokens["id_token"])["nonce"]!.ToString());
    }

    [Fact]
    public async Task It_gives_one_code_only_and_that_one_stays_good()
    {
        using var browser = await server.SignedInAsync();
        var url = _spa.PushedUrl((await _spa.PushAsync())["request_uri"]);

        var first = await browser.GetAsync(url);
        var second = await browser.GetAsync(url);

        Pages.AssertRefusedHere(second);
        Assert.Contains("invalid_request_uri", second.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RedeemAsync(first.Callback(_spa)["code"])).Status);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    public async Task In_parallel_it_gives_one_code_only(int visits)
    {
        using var browser = await server.SignedInAsync();
        var url = _spa.PushedUrl((await _spa.PushAsync())["request_uri"]);

        var pages = await Task.WhenAll(Enumerable.Range(0, visits).Select(_ => browser.GetAsync(url)));

        Assert.Single(
            pages,
            page => page.Location?.Query.Contains("code=", StringComparison.Ordinal) == true
        );
        Assert.All(pages, page => Assert.InRange((int)page.Status, 300, 499));
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(61, false)]
    [InlineData(7_200, false)]
    public async Task It_must_be_brought_within_a_minute(int secondsLater, bool isGood)
    {
        using var browser = new Browser(server);
        var pushed = await _spa.PushAsync();

        server.Clock.Advance(TimeSpan.FromSeconds(secondsLater));
        await browser.SignInAsync();
        var page = await browser.GetAsync(_spa.PushedUrl(pushed["request_uri"]));

        if (isGood)
        {
            Assert.Contains("code", page.Callback(_spa).Keys);
        }
        else if (secondsLater < 3_600)
        {
            Pages.AssertRefusedAt(_spa, page, "invalid_request_uri");
        }
        else
        {
            Pages.AssertRefusedHere(page);
        }
    }

    [Fact]
    public async Task Once_it_is_there_the_person_may_take_their_time()
    {
        using var browser = new Browser(server);
        var pushed = await _spa.PushAsync();

        var login = await browser.GetAsync(_spa.PushedUrl(pushed["request_uri"]));
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        var signedIn = await browser.SignInAsync(url: login.Location!.ToString());
        var page = await browser.FollowAsync(signedIn);

        var tokens = await _spa.RedeemAsync(page.Callback(_spa)["code"]);
        Assert.Equal("the-nonce", Jwt.Payload(tokens["id_token"])["nonce"]!.ToString());
    }

    [Fact]
    public async Task Another_client_cannot_bring_it_and_does_not_use_it_up()
    {
        using var browser = await server.SignedInAsync();
        var requestUri = (await _spa.PushAsync())["request_uri"];

        var stolen = await browser.GetAsync(_partner.PushedUrl(requestUri));
        var anonymous = await browser.GetAsync(_spa.PushedUrl(requestUri, ("client_id", null)));
        var own = await browser.GetAsync(_spa.PushedUrl(requestUri));

        Pages.AssertRefusedHere(stolen);
        Pages.AssertRefusedHere(anonymous);
        Assert.Contains("code", own.Callback(_spa).Keys);
    }

    [Theory]
    [InlineData("wrong-secret-of-the-right-length-0123456789")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_client_with_a_secret_pushes_only_with_it(string? secret)
    {
        var pushed = await _partner.PushAsync(("client_secret", secret));

        Assert.Equal(HttpStatusCode.Unauthorized, pushed.Status);
        Assert.Equal("invalid_client", pushed["error"]);
        Assert.False(pushed.Has("request_uri"));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("")]
    public async Task Nobody_else_pushes(string clientId)
    {
        var pushed = await _spa.PushAsync(("client_id", clientId));

        Assert.Equal(HttpStatusCode.Unauthorized, pushed.Status);
        Assert.False(pushed.Has("request_uri"));
    }

    [Theory]
    [InlineData("redirect_uri", "https://evil.example/callback")]
    [InlineData("state", "another")]
    [InlineData("nonce", "another")]
    [InlineData("scope", "openid orders.write")]
    [InlineData("scope", "root")]
    [InlineData("response_type", "token")]
    [InlineData("response_mode", "fragment")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    [InlineData("prompt", "none")]
    [InlineData("max_age", "0")]
    public async Task What_the_browser_says_beside_it_counts_for_nothing(string name, string value)
    {
        using var browser = await server.SignedInAsync();
        var requestUri = (await _spa.PushAsync())["request_uri"];

        var page = await browser.GetAsync(_spa.PushedUrl(requestUri, (name, value)));

        var told = page.Callback(_spa);
        Assert.Equal("the-state", told["state"]);
        var tokens = await _spa.RedeemAsync(told["code"]);
        Assert.Equal(_spa.Scope, tokens.Has("scope") ? tokens["scope"] : _spa.Scope);
        Assert.Equal("the-nonce", Jwt.Payload(tokens["id_token"])["nonce"]!.ToString());
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "0")]
    public async Task What_was_pushed_is_obeyed(string name, string value)
    {
        using var browser = await server.SignedInAsync();
        var requestUri = (await _spa.PushAsync((name, value)))["request_uri"];

        var login = await browser.GetAsync(_spa.PushedUrl(requestUri));
        var signedIn = await browser.SignInAsync(url: login.Location!.ToString());
        var page = await browser.FollowAsync(signedIn);

        Assert.True(login.IsSignIn());
        Assert.Contains("code", page.Callback(_spa).Keys);
    }

    [Fact]
    public async Task A_client_that_must_push_cannot_do_otherwise()
    {
        using var browser = await server.SignedInAsync();
        var bank = server.Bank;

        var plain = await browser.GetAsync(bank.AuthorizeUrl());
        var pushed = await bank.PushAsync();
        var page = await browser.GetAsync(bank.PushedUrl(pushed["request_uri"]));

        Pages.AssertRefusedAt(bank, plain, "invalid_request");
        Assert.Equal(HttpStatusCode.OK, (await bank.RedeemAsync(page.Callback(bank)["code"])).Status);
    }

    [Fact]
    public async Task Nothing_else_of_ours_passes_for_a_pushed_request()
    {
        using var browser = await server.SignedInAsync();
        var tokens = await _spa.SignInAsync(browser);
        var code = await _spa.AuthorizeAsync(browser);
        string[] others =
        [
            tokens["access_token"],
            tokens["id_token"],
            tokens["refresh_token"],
            code,
            "x",
            "",
            "../../connect/token",
        ];

        foreach (var other in others)
        {
            var page = await browser.GetAsync(_spa.PushedUrl($"urn:ietf:params:oauth:request_uri:{other}"));
            Pages.AssertRefusedHere(page);
        }
    }

    [Fact]
    public async Task A_request_uri_opens_nothing_else()
    {
        var requestUri = (await _spa.PushAsync())["request_uri"];
        var value = requestUri["urn:ietf:params:oauth:request_uri:".Length..];

        Assert.Equal(HttpStatusCode.Unauthorized, (await _spa.UserInfoAsync(value)).Status);
        Assert.Equal("invalid_grant", (await _spa.RedeemAsync(value))["error"]);
        Assert.Equal("invalid_grant", (await _spa.RefreshAsync(value))["error"]);
        var seen = await RelyingParty.OrdersApi(server).IntrospectAsync(value);
        Assert.False(seen.Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task It_is_pushed_by_POST_only()
    {
        using var answer = await server.Http.GetAsync(
            _spa.AuthorizeUrl()[1..].Replace("authorize", "par", StringComparison.Ordinal)
        );

        Assert.InRange((int)answer.StatusCode, 400, 499);
    }
}
