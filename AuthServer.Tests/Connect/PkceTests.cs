using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>The proof that whoever redeems a code is who asked for it (RFC 7636).</summary>
public class PkceTests(MoreClients server) : IClassFixture<MoreClients>
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
}
