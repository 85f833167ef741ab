using System.Security.Cryptography;
using System.Text;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Connect;

public class IdTokenTests(MoreClients server) : IClassFixture<MoreClients>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

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
        Assert.InRange(claims["iat"]!.GetValue<long>(), now - 300, now);
        Assert.InRange(claims["auth_time"]!.GetValue<long>(), now - 300, now);
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
}
