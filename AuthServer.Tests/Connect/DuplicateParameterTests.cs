using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Connect;

/// <summary>Requests that say one thing twice, so that two readers may read two things.</summary>
[Trait("Requirement", "C-08")]
public class DuplicateParameterTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);
    private readonly RelyingParty _partner = RelyingParty.Partner(server);

    [Theory]
    [InlineData("client_id")]
    [InlineData("response_type")]
    [InlineData("redirect_uri")]
    [InlineData("scope")]
    [InlineData("state")]
    [InlineData("nonce")]
    [InlineData("code_challenge")]
    [InlineData("code_challenge_method")]
    public async Task The_authorization_endpoint_takes_nothing_twice(string name)
    {
        using var browser = await server.SignedInAsync();
        var value = Uri.EscapeDataString(_spa.AuthorizeParameters()[name]!);
        var url = _spa.AuthorizeUrl();

        Pages.AssertRefusedHere(await browser.GetAsync($"{url}&{name}={value}"));
        Pages.AssertRefusedHere(await browser.GetAsync($"{url}&{name}=other"));
        Pages.AssertRefusedHere(await browser.GetAsync($"{url}&{name}="));
        Pages.AssertRefusedHere(await browser.GetAsync($"{url}&{name.ToUpperInvariant()}={value}"));
        Pages.AssertRefusedHere(
            await browser.GetAsync($"{url}&{name.Replace("_", "%5F", StringComparison.Ordinal)}={value}")
        );
    }

    [Theory]
    [InlineData("prompt=login&prompt=none")]
    [InlineData("max_age=1&max_age=2")]
    [InlineData("x=1&x=2")]
    public async Task Neither_does_it_what_is_optional_or_unknown(string query)
    {
        using var browser = await server.SignedInAsync();

        Pages.AssertRefusedHere(await browser.GetAsync($"{_spa.AuthorizeUrl()}&{query}"));
    }

    [Fact]
    public async Task A_POST_to_the_authorization_endpoint_says_everything_in_its_body()
    {
        using var browser = await server.SignedInAsync();
        var form = Fields(_spa.AuthorizeParameters());

        var once = await browser.PostAsync("connect/authorize", form);
        var twice = await browser.PostAsync("connect/authorize", [.. form, ("state", "the-state")]);
        var mixed = await browser.PostAsync("connect/authorize?client_id=shop-spa", form);

        Assert.Contains("code", once.Callback(_spa).Keys);
        Pages.AssertRefusedHere(twice);
        Pages.AssertRefusedHere(mixed);
    }

    [Theory]
    [InlineData("connect/token", "grant_type=client_credentials&scope=orders.read", "grant_type")]
    [InlineData("connect/token", "grant_type=client_credentials&scope=orders.read", "scope")]
    [InlineData("connect/token", "grant_type=client_credentials&scope=orders.read", "client_id")]
    [InlineData("connect/token", "grant_type=client_credentials&scope=orders.read", "client_secret")]
    [InlineData("connect/introspect", "token=x", "token")]
    [InlineData("connect/introspect", "token=x", "client_id")]
    [InlineData("connect/introspect", "token=x&token_type_hint=access_token", "token_type_hint")]
    [InlineData("connect/revoke", "token=x", "token")]
    [InlineData("connect/revoke", "token=x", "client_id")]
    [InlineData("connect/revoke", "token=x", "client_secret")]
    public async Task An_endpoint_for_clients_takes_nothing_twice(string path, string form, string name)
    {
        var report = RelyingParty.Report(server);
        var full = $"{form}&client_id={report.ClientId}&client_secret={report.Secret}";
        var value = QueryHelpers.ParseQuery(full)[name].ToString();

        var once = await PostAsync(path, full);
        var same = await PostAsync(path, $"{full}&{name}={value}");
        var other = await PostAsync(path, $"{name}=other&{full}");
        var empty = await PostAsync(path, $"{full}&{name}=");
        var mixed = await PostAsync($"{path}?{name}={value}", full);

        Assert.Equal(HttpStatusCode.OK, once.Status);
        Assert.All(
            [same, other, empty, mixed],
            answer =>
            {
                Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
                Assert.Equal("invalid_request", answer["error"]);
            }
        );
    }

    [Fact]
    public async Task A_pushed_request_says_nothing_twice()
    {
        var form = QueryHelpers.AddQueryString("", _spa.AuthorizeParameters())[1..];

        var once = await PostAsync("connect/par", form);
        var twice = await PostAsync("connect/par", $"{form}&redirect_uri=https%3A%2F%2Fevil.example%2F");
        var mixed = await PostAsync("connect/par?scope=openid", form);

        Assert.Equal(HttpStatusCode.Created, once.Status);
        Assert.Equal("invalid_request", twice["error"]);
        Assert.Equal("invalid_request", mixed["error"]);
    }

    [Theory]
    [InlineData("client_id=shop-spa&client_id=partner-web")]
    [InlineData("client_id=shop-spa&state=a&state=b")]
    [InlineData(
        "client_id=shop-spa&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A5173%2F&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F"
    )]
    public async Task Signing_out_takes_nothing_twice_and_changes_nothing_then(string query)
    {
        using var browser = await server.SignedInAsync();

        Pages.AssertRefusedHere(await browser.GetAsync($"connect/logout?{query}"));
        Pages.AssertRefusedHere(await browser.PostAsync("connect/logout?state=a", ("state", "a")));
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_refused_revocation_has_revoked_nothing()
    {
        using var browser = await server.SignedInAsync();
        var tokens = await _spa.SignInAsync(browser);
        var token = Uri.EscapeDataString(tokens["refresh_token"]);

        var refused = await PostAsync("connect/revoke", $"client_id=shop-spa&token={token}&token=x");

        Assert.Equal("invalid_request", refused["error"]);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(tokens["refresh_token"])).Status);
    }

    [Fact]
    public async Task A_client_says_in_one_way_only_who_it_is()
    {
        const string form = "grant_type=refresh_token&refresh_token=x";
        var basic = Basic(_partner.ClientId, _partner.Secret!);

        var alone = await PostAsync("connect/token", form, basic);
        var sameClient = await PostAsync("connect/token", $"{form}&client_id=partner-web", basic);
        var otherClient = await PostAsync("connect/token", $"{form}&client_id=shop-spa", basic);
        var twoSecrets = await PostAsync(
            "connect/token",
            $"{form}&client_id=partner-web&client_secret={_partner.Secret}",
            basic
        );

        Assert.Equal("invalid_grant", alone["error"]);
        Assert.Equal("invalid_grant", sameClient["error"]);
        Assert.Equal("invalid_request", otherClient["error"]);
        Assert.Equal("invalid_request", twoSecrets["error"]);
        Assert.Equal(HttpStatusCode.BadRequest, otherClient.Status);
        Assert.Equal(HttpStatusCode.BadRequest, twoSecrets.Status);
    }

    [Theory]
    [InlineData("connect/introspect", "token=x")]
    [InlineData("connect/revoke", "token=x")]
    [InlineData("connect/par", "response_type=code")]
    public async Task So_it_does_everywhere(string path, string form)
    {
        var basic = Basic(_partner.ClientId, _partner.Secret!);

        var otherClient = await PostAsync(path, $"{form}&client_id=shop-spa", basic);

        Assert.Equal(HttpStatusCode.BadRequest, otherClient.Status);
        Assert.Equal("invalid_request", otherClient["error"]);
    }

    [Fact]
    public async Task A_header_too_long_to_be_honest_does_not_slip_through()
    {
        var padded = Basic(_partner.ClientId, _partner.Secret! + new string('x', 4_000));

        var answer = await PostAsync(
            "connect/token",
            "grant_type=refresh_token&refresh_token=x&client_id=shop-spa",
            padded
        );

        Assert.InRange((int)answer.Status, 400, 401);
        Assert.Contains(answer["error"], (string[])["invalid_request", "invalid_client"]);
    }

    private static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private async Task<Answer> PostAsync(
        string path,
        string form,
        AuthenticationHeaderValue? authorization = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded");
        request.Headers.Authorization = authorization;
        return await _spa.SendAsync(request);
    }

    private static (string, string)[] Fields(IDictionary<string, string?> form) =>
        [.. form.Select(field => (field.Key, field.Value!))];
}
