using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;

namespace AuthServer.Tests.Clients;

/// <summary>The reference configuration as a server understands it.</summary>
[Trait("Requirement", "C-07")]
public class ClientPermissionTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task The_clients_of_the_configuration_file_replace_the_demo_clients()
    {
        var ids = await server.WithDbAsync(db =>
            db.Applications.OrderBy(a => a.ClientId).Select(a => a.ClientId).ToListAsync()
        );

        Assert.Equal(["nightly-report", "orders-api", "partner-web", "shop-mobile", "shop-spa"], ids);
    }

    [Theory]
    [InlineData(
        "shop-mobile",
        "ept:authorization ept:end_session ept:pushed_authorization ept:revocation ept:token "
            + "gt:authorization_code gt:refresh_token rst:code "
            + "scp:offline_access scp:openid scp:orders.read scp:profile"
    )]
    [InlineData(
        "partner-web",
        "ept:authorization ept:end_session ept:introspection ept:pushed_authorization ept:revocation ept:token "
            + "gt:authorization_code gt:refresh_token rst:code "
            + "scp:email scp:offline_access scp:openid scp:orders.read scp:profile"
    )]
    [InlineData(
        "nightly-report",
        "ept:introspection ept:revocation ept:token gt:client_credentials scp:orders.read"
    )]
    [InlineData("orders-api", "ept:introspection")]
    public async Task A_client_may_do_what_it_is_given_and_nothing_else(string clientId, string permissions)
    {
        var client = await ClientAsync(clientId);

        Assert.Equal(permissions, string.Join(' ', client.Permissions.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("shop-spa", "public", "implicit")]
    [InlineData("partner-web", "confidential", "explicit")]
    public async Task Type_and_consent_are_those_of_the_configuration(
        string clientId,
        string type,
        string consent
    )
    {
        var client = await ClientAsync(clientId);

        Assert.Equal((type, consent), (client.ClientType, client.ConsentType));
    }

    [Fact]
    public void Only_an_exempted_client_goes_without_a_code_challenge()
    {
        Assert.Equal(["ft:pkce"], ClientDescriptor.Of(new ClientSettings()).Requirements);
        Assert.Empty(ClientDescriptor.Of(new ClientSettings { RequirePkce = false }).Requirements);
    }

    [Fact]
    public void A_client_can_be_held_to_pushed_requests()
    {
        var client = ClientDescriptor.Of(new ClientSettings { RequirePushedAuthorization = true });

        Assert.Contains("ft:par", client.Requirements);
    }

    [Fact]
    public void What_openiddict_has_no_field_for_is_kept_in_properties()
    {
        var client = ClientDescriptor.Of(
            new ClientSettings { UserClaimsInIdToken = true, IdTokenSigningAlgorithm = "ES256" }
        );

        Assert.True(client.Properties[ClientProperties.UserClaimsInIdToken].GetBoolean());
        Assert.Equal("ES256", client.Properties[ClientProperties.SigningAlgorithm].GetString());
    }

    [Theory]
    [Trait("Requirement", "C-02")]
    [InlineData("shop-mobile", "http://127.0.0.1/callback", true)]
    [InlineData("shop-mobile", "http://127.0.0.1:51004/callback", true)]
    [InlineData("shop-mobile", "com.example.shop:/callback", true)]
    [InlineData("shop-mobile", "http://localhost:51004/callback", false)]
    [InlineData("shop-mobile", "http://127.0.0.1:51004/callback/", false)]
    [InlineData("shop-spa", "http://localhost:5173/callback", true)]
    [InlineData("shop-spa", "http://localhost:5174/callback", false)]
    [InlineData("shop-spa", "http://LOCALHOST:5173/callback", false)]
    public async Task A_redirect_uri_is_compared_by_our_rule(string clientId, string uri, bool isRegistered)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        var client = await clients.FindByClientIdAsync(clientId);

        Assert.Equal(isRegistered, await clients.ValidateRedirectUriAsync(client!, uri));
    }

    private async Task<OpenIddictApplicationDescriptor> ClientAsync(string clientId)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        var descriptor = new OpenIddictApplicationDescriptor();
        await clients.PopulateAsync(descriptor, (await clients.FindByClientIdAsync(clientId))!);
        return descriptor;
    }
}
