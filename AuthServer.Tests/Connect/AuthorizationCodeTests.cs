using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Connect;

public class AuthorizationCodeTests(MoreClients server) : IClassFixture<MoreClients>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Theory]
    [Trait("Requirement", "C-13")]
    [InlineData("code_challenge", null)]
    [InlineData("code_challenge", "")]
    [InlineData("code_challenge", "short")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c")] // 42
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMM")] // 44
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c=")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")]
    [InlineData("code_challenge_method", null)]
    [InlineData("code_challenge_method", "")]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("code_challenge_method", "s256")]
    [InlineData("code_challenge_method", "S512")]
    public async Task Every_client_must_send_a_challenge_made_by_S256(string name, string? value)
    {
        using var browser = await server.SignedInAsync();
        RelyingParty[] clients = [_spa, RelyingParty.Mobile(server), RelyingParty.Partner(server)];

        foreach (var client in clients)
        {
            var page = await browser.GetAsync(client.AuthorizeUrl((name, value)));
            var pushed = await client.PushAsync((name, value));
            Pages.AssertRefusedAt(client, page, "invalid_request");
            Assert.Equal("invalid_request", pushed["error"]);
        }
    }

    [Theory]
    [Trait("Requirement", "C-13")]
    [Trait("Requirement", "C-15")]
    [InlineData(null, "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("another-verifier-of-a-good-length-0123456789abc", "invalid_grant")]
    public async Task A_code_is_good_only_with_its_verifier(string? verifier, string error)
    {
        using var browser = await server.SignedInAsync();
        var code = await _spa.AuthorizeAsync(browser);

        var wrong = await _spa.RedeemAsync(code, ("code_verifier", verifier));
        var challenge = await _spa.RedeemAsync(code, ("code_verifier", _spa.Challenge));
        var right = await _spa.RedeemAsync(code);

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal(error, wrong["error"]);
        Assert.Equal("invalid_grant", challenge["error"]);
        Assert.Equal(HttpStatusCode.OK, right.Status);
    }

    [Theory]
    [Trait("Requirement", "C-13")]
    [InlineData(1, false)]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    [InlineData(1_000, false)]
    public async Task A_verifier_has_43_to_128_characters(int length, bool isGood)
    {
        using var browser = await server.SignedInAsync();
        var client = _spa with { Verifier = new string('v', length) };

        var answer = await client.RedeemAsync(await client.AuthorizeAsync(browser));

        Assert.Equal(isGood ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(isGood ? null : "invalid_request", answer.Has("error") ? answer["error"] : null);
    }

    [Theory]
    [Trait("Requirement", "C-13")]
    [InlineData(' ')]
    [InlineData('+')]
    [InlineData('/')]
    [InlineData('=')]
    [InlineData('\u00E4')]
    public async Task A_verifier_has_no_other_characters(char character)
    {
        using var browser = await server.SignedInAsync();
        var client = _spa with { Verifier = new string(character, 64) };

        var answer = await client.RedeemAsync(await client.AuthorizeAsync(browser));

        Assert.Equal("invalid_request", answer["error"]);
    }

    [Theory]
    [Trait("Requirement", "C-14")]
    [InlineData("")]
    [InlineData("any-verifier-of-a-good-length-0123456789abcdef")]
    public async Task A_code_that_began_without_a_challenge_takes_no_verifier(string verifier)
    {
        using var browser = await server.SignedInAsync();
        var legacy = server.Legacy;
        var code = await legacy.AuthorizeAsync(
            browser,
            ("code_challenge", null),
            ("code_challenge_method", null)
        );

        var with = await legacy.RedeemAsync(code, ("code_verifier", verifier));
        var without = await legacy.RedeemAsync(code, ("code_verifier", null));

        Assert.Equal(HttpStatusCode.BadRequest, with.Status);
        Assert.Equal("invalid_request", with["error"]);
        Assert.Equal(HttpStatusCode.OK, without.Status);
    }

    [Fact]
    [Trait("Requirement", "C-14")]
    public async Task An_exempted_client_that_sends_a_challenge_is_held_to_it()
    {
        using var browser = await server.SignedInAsync();
        var legacy = server.Legacy;
        var code = await legacy.AuthorizeAsync(browser);

        var without = await legacy.RedeemAsync(code, ("code_verifier", null));
        var with = await legacy.RedeemAsync(code);
        var plain = await browser.GetAsync(legacy.AuthorizeUrl(("code_challenge_method", "plain")));
        var half = await browser.GetAsync(legacy.AuthorizeUrl(("code_challenge", null)));
        var empty = await browser.GetAsync(
            legacy.AuthorizeUrl(("code_challenge", ""), ("code_challenge_method", null))
        );

        Assert.Equal("invalid_request", without["error"]);
        Assert.Equal(HttpStatusCode.OK, with.Status);
        Pages.AssertRefusedAt(legacy, plain, "invalid_request");
        Pages.AssertRefusedAt(legacy, half, "invalid_request");
        Pages.AssertRefusedAt(legacy, empty, "invalid_request");
    }

    [Theory]
    [Trait("Requirement", "C-15")]
    [InlineData(59, HttpStatusCode.OK)]
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
    [InlineData(90)]
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

    [Fact]
    public async Task The_ID_token_says_what_it_must()
    {
        using var browser = await server.SignedInAsync();
        var tokens = await _spa.SignInAsync(browser);

        var header = Jwt.Header(tokens["id_token"]);
        var claims = Jwt.Payload(tokens["id_token"]);
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(tokens["access_token"]));

        Assert.Equal("RS256", header["alg"]!.ToString());
        Assert.Equal("the-nonce", claims["nonce"]!.ToString());
        Assert.Equal(WebEncoders.Base64UrlEncode(hash, 0, 16), claims["at_hash"]!.ToString());
        Assert.Equal(server.Address.ToString(), claims["iss"]!.ToString());
        Assert.Equal(_spa.ClientId, claims["aud"]!.ToString());
        Assert.Equal(_spa.ClientId, claims["azp"]!.ToString());
        Assert.Equal("pwd", Assert.Single(claims["amr"]!.AsArray())!.ToString());
        Assert.NotEmpty(claims["sid"]!.ToString());
        Assert.Equal((await _spa.UserInfoAsync(tokens["access_token"]))["sub"], claims["sub"]!.ToString());
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.InRange(claims["iat"]!.GetValue<long>(), now - 60, now);
        Assert.InRange(claims["auth_time"]!.GetValue<long>(), now - 60, now);
        Assert.Equal(claims["iat"]!.GetValue<long>() + 900, claims["exp"]!.GetValue<long>());
    }

    [Fact]
    public async Task It_has_a_nonce_only_when_the_request_had_one()
    {
        using var browser = await server.SignedInAsync();

        var tokens = await _spa.SignInAsync(browser, ("nonce", null));

        Assert.Null(Jwt.Payload(tokens["id_token"])["nonce"]);
    }

    [Fact]
    public async Task Two_sign_ins_have_two_sessions_and_one_sign_in_has_one()
    {
        using var here = await server.SignedInAsync();
        using var there = await server.SignedInAsync();

        var first = SessionOf(await _spa.SignInAsync(here));
        var second = SessionOf(await RelyingParty.Mobile(server).SignInAsync(here));
        var third = SessionOf(await _spa.SignInAsync(there));

        Assert.Equal(first, second);
        Assert.NotEqual(first, third);
    }

    [Fact]
    [Trait("Requirement", "C-45")]
    public async Task Claims_of_the_person_stand_in_the_ID_token_only_for_a_client_that_is_set_so()
    {
        using var browser = await server.SignedInAsync();
        var crm = server.Crm with { Scope = "openid profile email" };

        var there = Jwt.Payload((await crm.SignInAsync(browser))["id_token"]);
        var narrow = Jwt.Payload((await crm.SignInAsync(browser, ("scope", "openid")))["id_token"]);
        var here = Jwt.Payload(
            (await _spa.SignInAsync(browser, ("scope", "openid profile email")))["id_token"]
        );

        Assert.Equal("Demo User", there["name"]!.ToString());
        Assert.Equal("demo@example.com", there["email"]!.ToString());
        Assert.True(there["email_verified"]!.GetValue<bool>());
        foreach (var name in (string[])["name", "email", "email_verified"])
        {
            Assert.Null(narrow[name]);
            Assert.Null(here[name]);
        }
    }

    private static string SessionOf(Answer tokens) => Jwt.Payload(tokens["id_token"])["sid"]!.ToString();

    private async Task AssertDeadAsync(Answer tokens)
    {
        var seen = await RelyingParty.OrdersApi(server).IntrospectAsync(tokens["access_token"]);
        Assert.False(seen.Json.GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, (await _spa.UserInfoAsync(tokens["access_token"])).Status);
        Assert.Equal("invalid_grant", (await _spa.RefreshAsync(tokens["refresh_token"]))["error"]);
    }
}
