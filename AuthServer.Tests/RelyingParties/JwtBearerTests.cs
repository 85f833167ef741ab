using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthServer.Tests.RelyingParties;

/// <summary>The sample ProtectedApi: stock JwtBearer that knows its issuer and its own name.</summary>
public sealed class JwtBearerTests(Shop shop) : IClassFixture<Shop>, IDisposable
{
    private readonly HttpClient _api = new() { BaseAddress = shop.Api.Address };

    [Fact]
    public async Task A_call_without_a_token_is_challenged()
    {
        using var answer = await GetOrdersAsync(null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task An_access_token_with_the_scope_opens_the_door()
    {
        var token = await Worker.TokenAsync(shop.Server, "orders.read");

        using var answer = await GetOrdersAsync(token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_without_the_scope_is_told_which_one_it_lacks()
    {
        var token = await Worker.TokenAsync(shop.Server, "orders.read");

        using var answer = await PostOrderAsync(token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(
            "Bearer error=\"insufficient_scope\", scope=\"orders.write\"",
            answer.Headers.WwwAuthenticate.ToString()
        );
    }

    [Fact]
    public async Task One_scope_among_several_is_found()
    {
        var token = await Worker.TokenAsync(shop.Server, "orders.read orders.write");

        using var answer = await PostOrderAsync(token);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    [Trait("Requirement", "C-34")]
    public async Task An_access_token_has_the_form_of_RFC_9068()
    {
        var token = new JsonWebToken(await Worker.TokenAsync(shop.Server, "orders.read"));

        string[] required = ["iss", "sub", "aud", "client_id", "iat", "exp", "jti", "scope"];
        Assert.Equal("at+jwt", token.Typ);
        Assert.All(required, claim => Assert.True(token.TryGetPayloadValue<object>(claim, out _), claim));
        Assert.Equal(shop.Server.Address.ToString(), token.Issuer);
        Assert.Equal(["orders-api"], token.Audiences);
        Assert.Equal("orders.read", token.GetPayloadValue<string>("scope"));
    }

    [Fact]
    [Trait("Requirement", "C-35")]
    public async Task An_unsigned_token_is_refused()
    {
        var token = await Worker.TokenAsync(shop.Server, "orders.read");

        await AssertRefusedAsync(ForgedToken.Unsigned(token));
        await AssertRefusedAsync(ForgedToken.Unsigned(token, "None"));
        await AssertRefusedAsync(ForgedToken.Unsigned(token, "RS256"));
    }

    [Fact]
    [Trait("Requirement", "C-35")]
    public async Task A_mac_with_the_public_key_is_refused()
    {
        var token = await Worker.TokenAsync(shop.Server, "orders.read");
        var jwks = await shop.Server.Http.GetStringAsync(".well-known/jwks");

        var forged = ForgedToken.MacWithPublicKey(token, jwks).ToList();

        Assert.NotEmpty(forged);
        foreach (var each in forged)
        {
            await AssertRefusedAsync(each);
        }
    }

    [Fact]
    [Trait("Requirement", "C-35")]
    public async Task A_token_that_brings_its_own_key_is_refused()
    {
        var token = await Worker.TokenAsync(shop.Server, "orders.read");

        await AssertRefusedAsync(ForgedToken.SignedByStranger(token));
    }

    [Fact]
    [Trait("Requirement", "C-36")]
    public async Task An_id_token_is_not_an_access_token()
    {
        var idToken = await OidcClientTests.IdTokenAsync(shop.Server);

        await AssertRefusedAsync(idToken);
    }

    [Fact]
    [Trait("Requirement", "C-37")]
    public async Task A_token_for_another_api_is_refused()
    {
        var token = await Worker.TokenAsync(shop.Server, "reports.read");

        Assert.Equal(["reports-api"], new JsonWebToken(token).Audiences);
        await AssertRefusedAsync(token);
    }

    [Fact]
    [Trait("Requirement", "C-44")]
    public async Task An_expired_token_is_refused()
    {
        await AssertRefusedAsync(shop.ExpiredToken);
    }

    public void Dispose() => _api.Dispose();

    private async Task AssertRefusedAsync(string token)
    {
        using var answer = await GetOrdersAsync(token);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains(
            "error=\"invalid_token\"",
            answer.Headers.WwwAuthenticate.ToString(),
            StringComparison.Ordinal
        );
    }

    private Task<HttpResponseMessage> GetOrdersAsync(string? token) => SendAsync(HttpMethod.Get, token, null);

    private Task<HttpResponseMessage> PostOrderAsync(string token) =>
        SendAsync(
            HttpMethod.Post,
            token,
            JsonContent.Create(new { Item = "Coffee beans, 1 kg", Quantity = 3 })
        );

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? token, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, "orders");
        request.Content = content;
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _api.SendAsync(request);
    }
}
