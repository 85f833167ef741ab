using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Clients;

/// <summary>A server with a client that was given a scope of an API, and nothing of the protocol's own.</summary>
public sealed class PlainOAuthServer : Server
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("Clients:5:ClientId", "plain"),
            new("Clients:5:GrantTypes:0", "authorization_code"),
            new("Clients:5:RedirectUris:0", "https://plain.example/callback"),
            new("Clients:5:Scopes:0", "orders.read"),
            new("Clients:5:RequireConsent", "false"),
        ];
}

[Trait("Requirement", "C-07")]
public class AllowedScopeTests(PlainOAuthServer server) : IClassFixture<PlainOAuthServer>
{
    private readonly RelyingParty _plain = new(server, "plain", "https://plain.example/callback")
    {
        Scope = "orders.read",
    };

    [Fact]
    public async Task A_client_gets_the_scope_that_it_was_given()
    {
        using var browser = await server.SignedInAsync();

        var tokens = await _plain.SignInAsync(browser);

        Assert.Equal("orders.read", tokens["scope"]);
        Assert.False(tokens.Has("id_token"));
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("offline_access")]
    [InlineData("email")]
    [InlineData("orders.write")]
    public async Task A_client_does_not_get_a_scope_that_it_was_not_given(string scope)
    {
        using var browser = await server.SignedInAsync();

        var page = await browser.GetAsync(_plain.AuthorizeUrl(("scope", $"orders.read {scope}")));

        Assert.DoesNotContain("code=", $"{page.Location}", StringComparison.Ordinal);
        Assert.DoesNotContain("/account/login", $"{page.Location}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("email")]
    [InlineData("orders.write")]
    public async Task A_service_does_not_get_a_scope_that_it_was_not_given(string scope)
    {
        var answer = await RelyingParty.Report(server).ClientCredentialsAsync(("scope", scope));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_scope", answer["error"]);
    }
}
