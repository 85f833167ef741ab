using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

[Trait("Requirement", "C-29")]
public class IntrospectionTests(VersatileClientServer server) : IClassFixture<VersatileClientServer>
{
    private readonly RelyingParty _api = RelyingParty.OrdersApi(server);
    private readonly RelyingParty _spa = RelyingParty.Spa(server);
    private readonly RelyingParty _versatile = VersatileClientServer.Versatile(server);

    [Fact]
    public async Task The_API_that_a_token_is_meant_for_is_told_whose_it_is_and_what_for()
    {
        var tokens = await _spa.SignInAsync(await server.SignedInAsync());

        var answer = await _api.IntrospectAsync(tokens["access_token"]);

        var token = Jwt.Payload(tokens["access_token"]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.True(answer.Json.GetProperty("active").GetBoolean());
        foreach (var claim in (string[])["iss", "sub", "client_id", "exp", "iat", "jti", "scope"])
        {
            Assert.Equal(token[claim]!.ToString(), answer[claim]);
        }

        Assert.Contains("orders-api", answer["aud"], StringComparison.Ordinal);
        Assert.Equal("Bearer", answer["token_type"]);
        Assert.False(answer.Has("email") || answer.Has("name") || answer.Has("username"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task The_client_that_a_token_was_issued_to_may_ask_about_it()
    {
        var access = (await _versatile.ClientCredentialsAsync())["access_token"];

        var answer = await _versatile.IntrospectAsync(access);

        Assert.True(answer.Json.GetProperty("active").GetBoolean());
        Assert.Equal("versatile", answer["client_id"]);
        Assert.Equal("orders.read orders.write", answer["scope"]);
    }

    [Fact]
    public async Task A_refresh_token_is_shown_to_its_owner_only()
    {
        var tokens = await _versatile.SignInAsync(await server.SignedInAsync());

        var byOwner = await _versatile.IntrospectAsync(tokens["refresh_token"]);
        var byApi = await _api.IntrospectAsync(tokens["refresh_token"]);
        var byOther = await RelyingParty.Report(server).IntrospectAsync(tokens["refresh_token"]);

        Assert.True(byOwner.Json.GetProperty("active").GetBoolean());
        AssertInactive(byApi);
        AssertInactive(byOther);
        Assert.Equal(HttpStatusCode.OK, (await _versatile.RefreshAsync(tokens["refresh_token"])).Status);
    }

    [Fact]
    public async Task To_a_client_that_it_does_not_concern_a_token_is_not_active()
    {
        var tokens = await _spa.SignInAsync(await server.SignedInAsync());

        AssertInactive(await RelyingParty.Report(server).IntrospectAsync(tokens["access_token"]));
        AssertInactive(await RelyingParty.Partner(server).IntrospectAsync(tokens["access_token"]));
        AssertInactive(await _versatile.IntrospectAsync(tokens["access_token"]));
    }

    [Fact]
    public async Task A_token_that_reaches_no_API_does_not_concern_one()
    {
        var spa = _spa with { Scope = "openid profile" };
        var tokens = await spa.SignInAsync(await server.SignedInAsync());

        AssertInactive(await _api.IntrospectAsync(tokens["access_token"]));
    }

    [Fact]
    public async Task A_used_refresh_token_is_not_active_and_asking_ends_nothing()
    {
        var first = await _versatile.SignInAsync(await server.SignedInAsync());
        var second = await _versatile.RefreshAsync(first["refresh_token"]);

        AssertInactive(await _versatile.IntrospectAsync(first["refresh_token"]));

        Assert.Equal(HttpStatusCode.OK, (await _versatile.RefreshAsync(second["refresh_token"])).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("id_token")]
    [Trait("Requirement", "C-36")]
    public async Task An_ID_token_and_a_code_are_not_active(string? hint)
    {
        var browser = await server.SignedInAsync();
        var tokens = await _versatile.SignInAsync(browser);
        var code = await _versatile.AuthorizeAsync(browser);

        AssertInactive(await _versatile.IntrospectAsync(tokens["id_token"], ("token_type_hint", hint)));
        AssertInactive(await _versatile.IntrospectAsync(code, ("token_type_hint", hint)));
        AssertInactive(await _api.IntrospectAsync(tokens["id_token"], ("token_type_hint", hint)));
        AssertInactive(await _api.IntrospectAsync(code, ("token_type_hint", hint)));

        Assert.Equal(HttpStatusCode.OK, (await _versatile.RedeemAsync(code)).Status);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("e30.e30.e30")]
    [InlineData("....")]
    [InlineData("' OR 1=1 --")]
    [InlineData("ünïcödé \ud83d\ude00")]
    public async Task What_nobody_knows_is_not_active(string token) =>
        AssertInactive(await _api.IntrospectAsync(token));

    [Theory]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("nonsense")]
    public async Task A_wrong_hint_changes_nothing(string hint)
    {
        var tokens = await _spa.SignInAsync(await server.SignedInAsync());

        var answer = await _api.IntrospectAsync(tokens["access_token"], ("token_type_hint", hint));

        Assert.True(answer.Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task A_request_without_a_token_is_refused() =>
        Refused.As(await _api.IntrospectAsync(""), HttpStatusCode.BadRequest, "invalid_request");

    // RFC 7662 §2.2: no reason, and nothing else.
    private static void AssertInactive(Answer answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("""{"active":false}""", System.Text.Json.JsonSerializer.Serialize(answer.Json));
    }
}
