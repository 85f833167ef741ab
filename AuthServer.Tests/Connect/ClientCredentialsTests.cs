using System.Net;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Connect;

/// <summary>A server with one more client, which has every grant and every scope.</summary>
public sealed class VersatileClientServer : Server
{
    public static RelyingParty Versatile(Server server) =>
        new(
            server,
            "versatile",
            "http://localhost:5090/callback",
            "example-versatile-secret-0123456789abcdef"
        );

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("Clients:5:ClientId", "versatile"),
            new("Clients:5:ClientSecret", "example-versatile-secret-0123456789abcdef"),
            new("Clients:5:RequireConsent", "false"),
            new("Clients:5:RedirectUris:0", "http://localhost:5090/callback"),
            .. List("GrantTypes", "authorization_code refresh_token client_credentials"),
            .. List("Scopes", "openid profile email offline_access orders.read orders.write"),
        ];

    private static IEnumerable<KeyValuePair<string, string>> List(string name, string values) =>
        values
            .Split(' ')
            .Select((value, i) => new KeyValuePair<string, string>($"Clients:5:{name}:{i}", value));
}

public class ClientCredentialsTests(VersatileClientServer server) : IClassFixture<VersatileClientServer>
{
    private readonly RelyingParty _report = RelyingParty.Report(server);

    [Fact]
    [Trait("Requirement", "C-30")]
    public async Task A_client_that_acts_for_itself_gets_a_token_of_its_own()
    {
        var answer = await _report.ClientCredentialsAsync(("scope", "orders.read"));

        var token = Jwt.Payload(answer["access_token"]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("Bearer", answer["token_type"]);
        Assert.InRange(answer.Json.GetProperty("expires_in").GetInt32(), 890, 900);
        Assert.Equal("nightly-report", token["sub"]!.ToString());
        Assert.Equal("nightly-report", token["client_id"]!.ToString());
        Assert.Equal("orders-api", token["aud"]!.ToString());
        Assert.Equal("orders.read", token["scope"]!.ToString());
        Assert.False(answer.Has("refresh_token"), "RFC 6749 4.4.3");
        Assert.False(answer.Has("id_token"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Who_names_no_scope_gets_all_that_the_client_is_for_and_is_told_so()
    {
        var report = await _report.ClientCredentialsAsync();
        var versatile = await VersatileClientServer.Versatile(server).ClientCredentialsAsync();

        Assert.Equal("orders.read", report["scope"]);
        Assert.Equal("orders.read orders.write", versatile["scope"]);
        Assert.Equal("orders-api", Jwt.Payload(versatile["access_token"])["aud"]!.ToString());
        Assert.False(versatile.Has("refresh_token"));
        Assert.False(versatile.Has("id_token"));
    }

    [Theory]
    [Trait("Requirement", "C-07")]
    [InlineData("orders.write")]
    [InlineData("orders.read orders.write")]
    [InlineData("openid")]
    [InlineData("offline_access")]
    [InlineData("profile")]
    [InlineData("orders.read openid")]
    [InlineData("ORDERS.READ")]
    [InlineData("orders.*")]
    [InlineData("nothing.like.it")]
    public async Task A_scope_that_is_not_its_own_is_refused(string scope)
    {
        var answer = await _report.ClientCredentialsAsync(("scope", scope));

        Refused.As(answer, HttpStatusCode.BadRequest, "invalid_scope");
    }

    [Theory]
    [Trait("Requirement", "C-30")]
    [InlineData("openid")]
    [InlineData("profile")]
    [InlineData("email")]
    [InlineData("offline_access")]
    [InlineData("orders.read offline_access")]
    public async Task A_client_that_acts_for_itself_is_nobody_who_could_sign_in(string scope)
    {
        var answer = await VersatileClientServer.Versatile(server).ClientCredentialsAsync(("scope", scope));

        Refused.As(answer, HttpStatusCode.BadRequest, "invalid_scope");
    }

    [Fact]
    [Trait("Requirement", "C-07")]
    public async Task A_client_may_not_use_a_grant_that_it_was_not_given()
    {
        var code = await _report.RedeemAsync("x");
        var refresh = await _report.RefreshAsync("x");
        var partner = await RelyingParty.Partner(server).ClientCredentialsAsync();
        var spa = await RelyingParty.Spa(server).ClientCredentialsAsync();
        var api = await RelyingParty.OrdersApi(server).ClientCredentialsAsync();

        foreach (var answer in (Answer[])[code, refresh, partner, spa, api])
        {
            Assert.Contains(answer["error"], (string[])["unauthorized_client", "invalid_grant"]);
            Refused.InForm(answer);
        }
    }

    [Fact]
    [Trait("Requirement", "C-30")]
    public async Task The_sub_of_a_person_outlives_a_new_name_and_a_new_address_and_is_neither()
    {
        var email = await server.NewPersonAsync("Before The Wedding");
        var spa = RelyingParty.Spa(server);
        var browser = await server.SignedInAsync(email);
        var before = SubOf(await spa.SignInAsync(browser));

        await server.WithDbAsync(db =>
            db.Users.Where(account => account.Email == email)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(account => account.Name, "After The Wedding")
                        .SetProperty(account => account.Email, "after@example.org")
                        .SetProperty(account => account.NormalizedEmail, "AFTER@EXAMPLE.ORG")
                )
        );
        var after = await spa.SignInAsync(browser);

        Assert.Equal(before, SubOf(after));
        Assert.Equal(before, (await spa.UserInfoAsync(after["access_token"]))["sub"]);
        Assert.True(Guid.TryParse(before, out _), "It tells nothing of the person.");
    }

    [Fact]
    [Trait("Requirement", "C-30")]
    public async Task The_sub_of_a_deleted_person_is_not_given_to_who_registers_with_the_same_address()
    {
        var email = await server.NewPersonAsync("First Owner");
        var spa = RelyingParty.Spa(server);
        var first = await spa.SignInAsync(await server.SignedInAsync(email));
        await server.WithDbAsync(db =>
            db.Users.Where(account => account.Email == email).ExecuteDeleteAsync()
        );

        using var register = await server.Http.PostAsync(
            "api/account/register",
            System.Net.Http.Json.JsonContent.Create(
                new
                {
                    email,
                    password = People.Password,
                    name = "Second Owner",
                }
            )
        );
        var second = await spa.SignInAsync(await server.SignedInAsync(email));

        Assert.NotEqual(SubOf(first), SubOf(second));
        Assert.Equal("invalid_grant", (await spa.RefreshAsync(first["refresh_token"]))["error"]);
        Refused.As(
            await spa.UserInfoAsync(first["access_token"]),
            HttpStatusCode.Unauthorized,
            "invalid_token"
        );
    }

    private static string SubOf(Answer tokens) => Jwt.Payload(tokens["access_token"])["sub"]!.ToString();
}
