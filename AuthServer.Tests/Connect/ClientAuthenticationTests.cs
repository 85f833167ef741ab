using System.Net;
using System.Text;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Connect;

/// <summary>A server with one more client, whose id and secret need every encoding there is.</summary>
public sealed class OddClientServer : Server
{
    public const string Id = "odd:+%41client";
    public const string ClientSecret = "a+b c%20d&e=f:g/h?\"ö€ 0123456789 abcdef";

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("Clients:5:ClientId", Id),
            new("Clients:5:ClientSecret", ClientSecret),
            new("Clients:5:GrantTypes:0", "client_credentials"),
            new("Clients:5:Scopes:0", "orders.read"),
        ];
}

[Trait("Requirement", "C-18")]
public class ClientAuthenticationTests(OddClientServer server) : IClassFixture<OddClientServer>
{
    private const string Secret = "example-nightly-report-secret-8d4b2f6a0c1e9735";

    /// <summary>Where clients prove who they are: a request that is good but for that, and a client that may send it.</summary>
    public static TheoryData<string, string, string> Endpoints =>
        new()
        {
            { "connect/token", "grant_type=client_credentials&scope=orders.read", "nightly-report" },
            { "connect/introspect", "token=x", "nightly-report" },
            { "connect/revoke", "token=x", "nightly-report" },
            {
                "connect/par",
                "response_type=code&scope=openid&redirect_uri=http%3A%2F%2Flocalhost%3A5080%2Fsignin-oidc"
                    + "&code_challenge=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU&code_challenge_method=S256",
                "partner-web"
            },
        };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task The_right_secret_is_taken_from_the_header_and_from_the_body(
        string path,
        string body,
        string client
    )
    {
        var secret = SecretOf(client);

        var byHeader = await server.PostAsync(path, body, Wire.Basic(client, secret));
        var byBody = await server.PostAsync(path, $"{body}&client_id={client}&client_secret={secret}");

        Assert.True(byHeader.Status is HttpStatusCode.OK or HttpStatusCode.Created, $"{byHeader.Json}");
        Assert.Equal(byHeader.Status, byBody.Status);
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_wrong_secret_is_refused(string path, string body, string client)
    {
        var secret = SecretOf(client);
        string[] wrong =
        [
            "wrong",
            secret[..^1],
            secret + "0",
            secret.ToUpperInvariant(),
            secret + " ",
            "example-orders-api-secret-1c9e7a3b5d8f2640",
            await HashOfAsync(client),
        ];

        foreach (var guess in wrong)
        {
            Refused.AsClient(
                await server.PostAsync(path, body, Wire.Basic(client, Uri.EscapeDataString(guess)))
            );
            Refused.AsClient(
                await server.PostAsync(
                    path,
                    $"{body}&client_id={client}&client_secret={Uri.EscapeDataString(guess)}"
                )
            );
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task No_secret_is_refused(string path, string body, string client)
    {
        Refused.AsClient(await server.PostAsync(path, $"{body}&client_id={client}"));
        Refused.AsClient(await server.PostAsync(path, $"{body}&client_id={client}&client_secret="));
        Refused.AsClient(await server.PostAsync(path, body, Wire.Basic(client, "")));
        Refused.AsClient(await server.PostAsync(path, body));
        Refused.AsClient(await server.PostAsync(path, body, Wire.Basic("", "")));
        Refused.AsClient(await server.PostAsync(path, body, Wire.Basic("", SecretOf(client))));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task An_unknown_client_is_refused(string path, string body, string client)
    {
        string[] unknown = ["nobody", client + " ", client.ToUpperInvariant(), $"{client}' OR '1'='1", "*"];

        foreach (var id in unknown)
        {
            Refused.AsClient(
                await server.PostAsync(path, body, Wire.Basic(Uri.EscapeDataString(id), SecretOf(client)))
            );
            Refused.AsClient(
                await server.PostAsync(
                    path,
                    $"{body}&client_id={Uri.EscapeDataString(id)}&client_secret={SecretOf(client)}"
                )
            );
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_secret_in_the_URL_is_refused(string path, string body, string client)
    {
        var credentials = $"client_id={client}&client_secret={SecretOf(client)}";

        var half = await server.PostAsync($"{path}?{credentials}", body);
        var whole = await server.SendAsync(HttpMethod.Get, $"{path}?{body}&{credentials}");

        Refused.As(half, HttpStatusCode.BadRequest, "invalid_request");
        Refused.As(whole, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task One_request_proves_itself_in_one_way(string path, string body, string client)
    {
        var secret = SecretOf(client);
        var header = Wire.Basic(client, secret);

        var twice = await server.PostAsync(path, $"{body}&client_id={client}&client_secret={secret}", header);
        var named = await server.PostAsync(path, $"{body}&client_id={client}", header);
        var other = await server.PostAsync(path, $"{body}&client_id=shop-spa", header);

        Refused.As(twice, HttpStatusCode.BadRequest, "invalid_request");
        Assert.True(named.Status is HttpStatusCode.OK or HttpStatusCode.Created, $"{named.Json}");
        Refused.As(other, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Another_scheme_proves_nothing(string path, string body, string client)
    {
        string[] others =
        [
            $"Bearer {SecretOf(client)}",
            $"Digest username=\"{client}\"",
            "Negotiate YII=",
            "Basic",
            $"Basic\t{Wire.Basic(client, SecretOf(client))[6..]}",
            "garbage",
        ];

        foreach (var header in others)
        {
            Refused.AsClient(await server.PostAsync(path, body, header));
        }
    }

    [Theory]
    [InlineData("Basic !!!")]
    [InlineData("Basic bm8tY29sb24=")]
    [InlineData("Basic ////")]
    [InlineData("Basic gICAgDqAgIA=")]
    [InlineData("Basic AAAAOgAA")]
    [InlineData("Basic JTAwOiUwMA==")]
    [InlineData("Basic JWZmOiVmZg==")]
    [InlineData("Basic bmlnaHRseS1yZXBvcnQ6 eA==")]
    public async Task Credentials_that_cannot_be_read_are_refused(string header)
    {
        var answer = await server.PostAsync("connect/token", "grant_type=client_credentials", header);

        Refused.InForm(answer);
        Assert.Contains(answer["error"], (string[])["invalid_request", "invalid_client"]);
    }

    [Fact]
    public async Task Credentials_without_end_are_refused()
    {
        var header = Wire.Basic("nightly-report", new string('x', 9_000));

        Refused.AsClient(await server.PostAsync("connect/token", "grant_type=client_credentials", header));
    }

    [Fact]
    public async Task Credentials_are_form_encoded_inside_the_header()
    {
        var header = Wire.Basic(
            WebUtility.UrlEncode(OddClientServer.Id),
            WebUtility.UrlEncode(OddClientServer.ClientSecret)
        );

        var byHeader = await server.PostAsync("connect/token", "grant_type=client_credentials", header);
        var byScheme = await server.PostAsync(
            "connect/token",
            "grant_type=client_credentials",
            $"bAsIc {header[6..]}"
        );
        var byBody = await new RelyingParty(
            server,
            OddClientServer.Id,
            "",
            OddClientServer.ClientSecret
        ).ClientCredentialsAsync();

        Assert.Equal(HttpStatusCode.OK, byHeader.Status);
        Assert.Equal(HttpStatusCode.OK, byScheme.Status);
        Assert.Equal(HttpStatusCode.OK, byBody.Status);
        Assert.Equal(OddClientServer.Id, Jwt.Payload(byHeader["access_token"])["sub"]!.ToString());
    }

    [Fact]
    public async Task A_public_client_that_sends_a_secret_is_refused()
    {
        var spa = RelyingParty.Spa(server) with { Secret = "a-secret-that-it-cannot-have-0123456789" };
        var code = await RelyingParty.Spa(server).AuthorizeAsync(await server.SignedInAsync());

        Refused.AsClient(await spa.RedeemAsync(code));
        Refused.AsClient(await spa.RefreshAsync("x"));
        Refused.AsClient(await spa.RevokeAsync("x"));
        Refused.AsClient(await spa.PushAsync());
        Refused.AsClient(
            await server.PostAsync("connect/revoke", "token=x", Wire.Basic("shop-spa", spa.Secret))
        );
    }

    [Fact]
    public async Task A_public_client_cannot_introspect()
    {
        var spa = RelyingParty.Spa(server);
        var tokens = await spa.SignInAsync(await server.SignedInAsync());

        var answer = await spa.IntrospectAsync(tokens["access_token"]);

        Refused.As(answer, HttpStatusCode.BadRequest, "unauthorized_client");
        Assert.False(answer.Has("active"));
    }

    [Theory]
    [InlineData("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "e30.e30.")]
    [InlineData("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "garbage")]
    [InlineData("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "")]
    [InlineData("urn:ietf:params:oauth:client-assertion-type:saml2-bearer", "PHNhbWw+")]
    [InlineData("", "e30.e30.")]
    public async Task An_assertion_that_nobody_can_check_is_refused(string type, string assertion)
    {
        var body = new StringBuilder("grant_type=client_credentials&client_id=nightly-report")
            .Append("&client_assertion_type=")
            .Append(Uri.EscapeDataString(type))
            .Append("&client_assertion=")
            .Append(Uri.EscapeDataString(assertion));

        var answer = await server.PostAsync("connect/token", body.ToString());

        Refused.InForm(answer);
        Assert.Contains(answer["error"], (string[])["invalid_request", "invalid_client"]);
    }

    private static string SecretOf(string client) =>
        client == "partner-web" ? "example-partner-web-secret-3f7a9c1e5d2b8046" : Secret;

    private Task<string> HashOfAsync(string client) =>
        server.WithDbAsync(db =>
            db.Applications.Where(a => a.ClientId == client).Select(a => a.ClientSecret!).SingleAsync()
        );
}
