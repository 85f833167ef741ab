using System.Net;
using System.Text.Json.Nodes;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>A server with three APIs, one of which can verify RS256 only, and a client that reads ES256.</summary>
public sealed class ManyApisServer : Server
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("Apis:1:Name", "billing-api"),
            new("Apis:1:Scopes:0", "billing.read"),
            new("Apis:2:Name", "https://legacy.example.com/"),
            new("Apis:2:Scopes:0", "legacy.read"),
            new("Apis:2:SigningAlgorithm", "RS256"),
            new("Clients:0:Scopes:6", "billing.read"),
            new("Clients:0:Scopes:7", "legacy.read"),
            new("Clients:1:IdTokenSigningAlgorithm", "ES256"),
        ];
}

public class AccessTokenTests(ManyApisServer server) : IClassFixture<ManyApisServer>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Fact]
    [Trait("Requirement", "C-34")]
    public async Task It_has_the_type_and_the_claims_of_RFC_9068()
    {
        var token = (await SignInAsync("openid offline_access orders.read"))["access_token"];

        var claims = Jwt.Payload(token);
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal("at+jwt", Jwt.Header(token)["typ"]!.ToString());
        Assert.Equal(3, token.Split('.').Length);
        Assert.Equal(server.Address.ToString(), claims["iss"]!.ToString());
        Assert.Equal("shop-spa", claims["client_id"]!.ToString());
        Assert.Equal("openid offline_access orders.read", claims["scope"]!.ToString());
        Assert.InRange(claims["iat"]!.GetValue<long>(), now - 60, now + 1);
        Assert.Equal(900, claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>());
        Assert.True(Guid.TryParse(claims["sub"]!.ToString(), out _));
        Assert.NotEmpty(claims["jti"]!.ToString());
    }

    [Fact]
    [Trait("Requirement", "C-34")]
    public async Task No_two_have_the_same_jti()
    {
        var browser = await server.SignedInAsync();
        var first = await _spa.SignInAsync(browser);
        var second = await _spa.RefreshAsync(first["refresh_token"]);

        Assert.NotEqual(
            Jwt.Payload(first["access_token"])["jti"]!.ToString(),
            Jwt.Payload(second["access_token"])["jti"]!.ToString()
        );
    }

    [Theory]
    [Trait("Requirement", "C-37")]
    [InlineData("orders.read", "orders-api", "ES256")]
    [InlineData("orders.read orders.write openid", "orders-api", "ES256")]
    [InlineData("orders.read billing.read", "billing-api orders-api", "ES256")]
    [InlineData("legacy.read", "https://legacy.example.com/", "RS256")]
    [InlineData("billing.read legacy.read", "billing-api https://legacy.example.com/", "RS256")]
    public async Task It_is_meant_for_the_APIs_of_its_scopes_and_signed_as_all_of_them_can_verify(
        string scope,
        string audience,
        string algorithm
    )
    {
        var token = (await SignInAsync(scope))["access_token"];

        Assert.Equal(algorithm, Jwt.Header(token)["alg"]!.ToString());
        Assert.Equal(audience, string.Join(' ', Audience(token)));
    }

    [Fact]
    [Trait("Requirement", "C-37")]
    public async Task Without_the_scope_of_an_API_it_is_meant_for_our_own_userinfo_alone()
    {
        var tokens = await SignInAsync("openid profile");

        Assert.Equal([server.Address.ToString()], Audience(tokens["access_token"]));
        Assert.Equal(HttpStatusCode.OK, (await _spa.UserInfoAsync(tokens["access_token"])).Status);
    }

    [Fact]
    [Trait("Requirement", "C-37")]
    public async Task A_narrowed_refresh_narrows_the_audience_and_its_algorithm()
    {
        var first = await SignInAsync("openid offline_access orders.read legacy.read");

        var second = await _spa.RefreshAsync(first["refresh_token"], ("scope", "orders.read"));
        var third = await _spa.RefreshAsync(second["refresh_token"]);

        Assert.Equal(["orders-api"], Audience(second["access_token"]));
        Assert.Equal("ES256", Jwt.Header(second["access_token"])["alg"]!.ToString());
        Assert.Equal(["https://legacy.example.com/", "orders-api"], Audience(third["access_token"]));
        Assert.Equal("RS256", Jwt.Header(third["access_token"])["alg"]!.ToString());
    }

    [Fact]
    [Trait("Requirement", "C-45")]
    public async Task It_says_nothing_of_the_person_but_their_sub()
    {
        var tokens = await SignInAsync("openid profile email offline_access orders.read");

        var claims = Jwt.Payload(tokens["access_token"]).AsObject();
        Assert.Equal(
            "aud client_id exp iat iss jti oi_au_id oi_tkn_id scope sub",
            string.Join(
                ' ',
                claims
                    .Select(claim => claim.Key)
                    .Where(name => name != "oi_prst")
                    .Order(StringComparer.Ordinal)
            )
        );
        Assert.DoesNotContain("demo@", claims.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Demo User", claims.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-45")]
    public async Task The_redirects_of_a_sign_in_carry_nothing_but_the_code()
    {
        using var browser = new Browser(server);
        var toLogin = await browser.GetAsync(
            _spa.AuthorizeUrl(("scope", "openid profile email orders.read"))
        );
        var toAuthorize = await browser.SignInAsync(url: toLogin.Location!.ToString());
        var toClient = await browser.FollowAsync(toAuthorize);

        Assert.Equal(["code", "iss", "state"], toClient.Callback(_spa).Keys.Order(StringComparer.Ordinal));
        foreach (var page in (Page[])[toLogin, toAuthorize, toClient])
        {
            var url = Uri.UnescapeDataString(page.Location!.ToString());
            Assert.DoesNotContain("demo", url, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(People.Password, url, StringComparison.Ordinal);
            Assert.DoesNotContain("eyJ", url, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_ID_token_is_signed_as_its_client_is_registered_for()
    {
        var browser = await server.SignedInAsync();
        var mobile = RelyingParty.Mobile(server);

        var ofSpa = await _spa.SignInAsync(browser);
        var ofMobile = await mobile.SignInAsync(browser);

        Assert.Equal("RS256", Jwt.Header(ofSpa["id_token"])["alg"]!.ToString());
        Assert.Equal("ES256", Jwt.Header(ofMobile["id_token"])["alg"]!.ToString());
        Assert.Equal("JWT", Jwt.Header(ofSpa["id_token"])["typ"]!.ToString());
    }

    private static IEnumerable<string> Audience(string token) =>
        Jwt.Payload(token)["aud"] switch
        {
            JsonArray array => array.Select(entry => entry!.ToString()),
            var one => [one!.ToString()],
        };

    private async Task<Answer> SignInAsync(string scope)
    {
        var tokens = await _spa.SignInAsync(await server.SignedInAsync(), ("scope", scope));
        Assert.Equal(HttpStatusCode.OK, tokens.Status);
        return tokens;
    }
}
