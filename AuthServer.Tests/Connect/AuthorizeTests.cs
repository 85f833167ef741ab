using System.Net;
using System.Net.Sockets;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

public class AuthorizeTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Fact]
    [Trait("Requirement", "C-05")]
    public async Task Every_answer_names_the_issuer_of_the_metadata()
    {
        using var browser = await server.SignedInAsync();
        using var stranger = new Browser(server);
        var metadata = await MetadataAsync();

        var success = await browser.GetAsync(_spa.AuthorizeUrl());
        var mistake = await browser.GetAsync(_spa.AuthorizeUrl(("scope", "root")));
        var silent = await stranger.GetAsync(_spa.AuthorizeUrl(("prompt", "none")));

        Assert.All(
            [success, mistake, silent],
            page => Assert.Equal(metadata["issuer"], page.Callback(_spa)["iss"])
        );
        Assert.Equal("True", metadata["authorization_response_iss_parameter_supported"]);
    }

    [Theory]
    [Trait("Requirement", "C-06")]
    [InlineData("token", "unsupported_response_type")]
    [InlineData("id_token", "unsupported_response_type")]
    [InlineData("id_token token", "unsupported_response_type")]
    [InlineData("code id_token", "unsupported_response_type")]
    [InlineData("code token", "unsupported_response_type")]
    [InlineData("code id_token token", "unsupported_response_type")]
    [InlineData("none", "unsupported_response_type")]
    [InlineData("CODE", "unsupported_response_type")]
    [InlineData("magic", "unsupported_response_type")]
    [InlineData("code none", "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData(null, "invalid_request")]
    public async Task Only_a_code_comes_through_the_browser(string? responseType, string error)
    {
        using var browser = await server.SignedInAsync();

        var page = await browser.GetAsync(_spa.AuthorizeUrl(("response_type", responseType)));
        var inQuery = await browser.GetAsync(
            _spa.AuthorizeUrl(("response_type", responseType), ("response_mode", "query"))
        );
        var pushed = await _spa.PushAsync(("response_type", responseType));

        var told = page.Location?.Fragment.Length > 0 ? Pages.FragmentAt(_spa, page) : page.Callback(_spa);
        Assert.Equal(error, told["error"]);
        Assert.Equal("the-state", told["state"]);
        Assert.Equal(server.Address.ToString(), told["iss"]);
        Assert.Empty(told.Keys.Intersect(["code", "id_token", "access_token"]));
        Assert.DoesNotContain("token=", inQuery.Location?.ToString() ?? "", StringComparison.Ordinal);
        Assert.Equal(error, pushed["error"]);
    }

    [Theory]
    [Trait("Requirement", "C-06")]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("implicit", "unsupported_grant_type")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code", "unsupported_grant_type")]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange", "unsupported_grant_type")]
    [InlineData("urn:ietf:params:oauth:grant-type:jwt-bearer", "unsupported_grant_type")]
    [InlineData("Authorization_Code", "unsupported_grant_type")]
    [InlineData("", "invalid_request")]
    [InlineData(null, "invalid_request")]
    public async Task No_other_grant_is_taken_from_anybody(string? grant, string error)
    {
        RelyingParty[] clients =
        [
            _spa,
            RelyingParty.Mobile(server),
            RelyingParty.Partner(server),
            RelyingParty.Report(server),
            RelyingParty.OrdersApi(server),
        ];

        foreach (var client in clients)
        {
            var answer = await client.PostAsync(
                "connect/token",
                new Dictionary<string, string?>
                {
                    ["grant_type"] = grant,
                    ["username"] = "demo@example.com",
                    ["password"] = People.Password,
                    ["scope"] = "openid",
                }
            );
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Equal(error, answer["error"]);
        }
    }

    [Fact]
    [Trait("Requirement", "C-06")]
    [Trait("Requirement", "C-13")]
    public async Task The_metadata_offers_what_there_is_and_no_more()
    {
        var metadata = await MetadataAsync();

        Assert.Equal(["code"], List(metadata, "response_types_supported"));
        Assert.Equal(
            ["authorization_code", "client_credentials", "refresh_token"],
            List(metadata, "grant_types_supported")
        );
        Assert.Equal(["form_post", "fragment", "query"], List(metadata, "response_modes_supported"));
        Assert.Equal(["S256"], List(metadata, "code_challenge_methods_supported"));
        Assert.Equal(
            ["consent", "login", "none", "select_account"],
            List(metadata, "prompt_values_supported")
        );
        Assert.Equal("False", metadata["request_parameter_supported"]);
        Assert.Equal("False", metadata["request_uri_parameter_supported"]);
    }

    [Fact]
    [Trait("Requirement", "C-09")]
    public async Task No_address_out_of_a_request_is_ever_fetched()
    {
        var port = Ports.Next();
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        using var browser = await server.SignedInAsync();
        var url = $"http://127.0.0.1:{port}/request.jwt";

        var byReference = await browser.GetAsync(_spa.AuthorizeUrl(("request_uri", url)));
        var inDisguise = await browser.GetAsync(
            _spa.AuthorizeUrl(("request_uri", $"urn:ietf:params:oauth:request_uri:{url}"))
        );
        var pushed = await _spa.PushAsync(("request_uri", url));
        foreach (var name in (string[])["jwks_uri", "sector_identifier_uri", "logo_uri", "iss", "resource"])
        {
            await browser.GetAsync(_spa.AuthorizeUrl((name, url)));
        }

        Pages.AssertRefusedAt(_spa, byReference, "request_uri_not_supported");
        Pages.AssertRefusedAt(_spa, inDisguise, "invalid_request_uri");
        Assert.Equal("invalid_request", pushed["error"]);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("authorization_details", """[{"type":"payment"}]""", "invalid_authorization_details")]
    [InlineData("resource", "https://api.evil.example/", "invalid_target")]
    [InlineData("response_mode", "jwt", "invalid_request")]
    [InlineData("response_mode", "query.jwt", "invalid_request")]
    [InlineData("response_mode", "form_post.jwt", "invalid_request")]
    [InlineData("response_mode", "web_message", "invalid_request")]
    [InlineData("response_mode", "Query", "invalid_request")]
    public async Task What_the_server_does_not_do_is_said_in_the_words_of_the_standard(
        string name,
        string value,
        string error
    )
    {
        using var browser = await server.SignedInAsync();

        var page = await browser.GetAsync(_spa.AuthorizeUrl((name, value)));
        var pushed = await _spa.PushAsync((name, value));

        Pages.AssertRefusedAt(_spa, page, error);
        Assert.Equal(HttpStatusCode.BadRequest, pushed.Status);
        Assert.Equal(error, pushed["error"]);
    }

    [Theory]
    [InlineData("claims", """{"userinfo":{"name":null}}""")]
    [InlineData("display", "popup")]
    [InlineData("claims_locales", "de")]
    [InlineData("ui_locales", "de fr-CA en")]
    [InlineData("acr_values", "urn:example:silver 2")]
    [InlineData("unknown_parameter", "whatever")]
    public async Task What_is_only_a_wish_is_taken_and_may_be_left_unfulfilled(string name, string value)
    {
        using var browser = await server.SignedInAsync();

        var tokens = await _spa.SignInAsync(browser, (name, value));

        Assert.Equal(HttpStatusCode.OK, tokens.Status);
    }

    [Theory]
    [InlineData("client_id")]
    [InlineData("redirect_uri")]
    [InlineData("response_type")]
    public async Task Markup_in_a_request_is_not_markup_on_the_page(string name)
    {
        using var browser = new Browser(server);

        var page = await browser.GetAsync(
            _spa.AuthorizeUrl((name, "<script>alert(1)</script>"), ("redirect_uri", "https://evil.example/"))
        );

        Pages.AssertRefusedHere(page);
        Assert.DoesNotContain("alert(1)", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    public async Task Only_GET_and_POST_ask_for_authorization(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), _spa.AuthorizeUrl()[1..]);
        using var answer = await server.Http.SendAsync(request);

        Assert.InRange((int)answer.StatusCode, 400, 499);
        Assert.Null(answer.Headers.Location);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_POST_of_something_else_than_a_form_is_refused(string type)
    {
        using var content = new StringContent("{}");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var answer = await server.Http.PostAsync("connect/authorize", content);

        Assert.InRange((int)answer.StatusCode, 400, 499);
    }

    private Task<Answer> MetadataAsync() =>
        _spa.SendAsync(new HttpRequestMessage(HttpMethod.Get, ".well-known/openid-configuration"));

    private static IEnumerable<string> List(Answer answer, string name) =>
        answer
            .Json.GetProperty(name)
            .EnumerateArray()
            .Select(item => item.GetString()!)
            .Order(StringComparer.Ordinal);
}
