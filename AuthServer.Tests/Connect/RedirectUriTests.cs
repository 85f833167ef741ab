using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

public class RedirectUriTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Theory]
    [Trait("Requirement", "C-01")]
    [Trait("Requirement", "C-03")]
    [InlineData("http://localhost:5173.evil.example/callback")] // another host, the rest alike
    [InlineData("http://localhost.evil.example:5173/callback")]
    [InlineData("http://evil.example/localhost:5173/callback")]
    [InlineData("http://localhost:5173@evil.example/callback")]
    [InlineData("http://evil.example#http://localhost:5173/callback")]
    [InlineData("http://evil.example?http://localhost:5173/callback")]
    [InlineData("http://evil.example\\@localhost:5173/callback")]
    [InlineData("http://evil.example\\localhost:5173/callback")]
    [InlineData("http:\\\\localhost:5173\\callback")]
    [InlineData("http://user@localhost:5173/callback")]
    [InlineData("http://user:password@localhost:5173/callback")]
    [InlineData("http://localhost./callback")]
    [InlineData("http://localhost.:5173/callback")]
    [InlineData("http://127.0.0.1:5173/callback")]
    [InlineData("http://[::1]:5173/callback")]
    [InlineData("http://l\u00F6calhost:5173/callback")]
    [InlineData("http://loc\u0430lhost:5173/callback")] // a Cyrillic a
    [InlineData("http://\uFF4Cocalhost:5173/callback")] // a wide l, which normalizes to l
    [InlineData("http://localhost/callback")] // another port
    [InlineData("http://localhost:5174/callback")]
    [InlineData("http://localhost:05173/callback")]
    [InlineData("http://localhost:/callback")]
    [InlineData("https://localhost:5173/callback")] // another scheme
    [InlineData("HTTP://localhost:5173/callback")]
    [InlineData("http:/localhost:5173/callback")]
    [InlineData("//localhost:5173/callback")]
    [InlineData("javascript://localhost:5173/callback%0Aalert(1)")]
    [InlineData("data:text/html,http://localhost:5173/callback")]
    [InlineData("vbscript:http://localhost:5173/callback")]
    [InlineData("file:///callback")]
    [InlineData("/callback")]
    [InlineData("callback")]
    [InlineData("*")]
    [InlineData("http://LOCALHOST:5173/callback")] // another case
    [InlineData("http://localhost:5173/Callback")]
    [InlineData("http://localhost:5173/callback/")] // another path
    [InlineData("http://localhost:5173//callback")]
    [InlineData("http://localhost:5173/./callback")]
    [InlineData("http://localhost:5173/evil/../callback")]
    [InlineData("http://localhost:5173/callback/../evil")]
    [InlineData("http://localhost:5173/evil/%2e%2e/callback")]
    [InlineData("http://localhost:5173/callback/%2e%2e/evil")]
    [InlineData("http://localhost:5173/callback/%252e%252e/evil")]
    [InlineData("http://localhost:5173/%63allback")]
    [InlineData("http://localhost:5173/callback;evil")]
    [InlineData("http://localhost:5173/callback?next=evil")] // a query, a fragment
    [InlineData("http://localhost:5173/callback?")]
    [InlineData("http://localhost:5173/callback&next=evil")]
    [InlineData("http://localhost:5173/callback#")]
    [InlineData("http://localhost:5173/callback#evil")]
    [InlineData("http://localhost:5173/callback%23evil")]
    [InlineData(" http://localhost:5173/callback")] // what some parsers drop
    [InlineData("http://localhost:5173/callback ")]
    [InlineData("http://localhost:5173/callback\t")]
    [InlineData("http://localhost:5173/call\tback")]
    [InlineData("http://localhost:5173/callback\n")]
    [InlineData("http://localhost:5173/callback\r\nLocation: http://evil.example/")]
    [InlineData("http://localhost:5173/callback\0")]
    [InlineData("http://localhost:5173/callback\u200B")]
    [InlineData("com.example.shop:/callback")] // another client's
    [InlineData("http://localhost:5080/signin-oidc")]
    [InlineData("")]
    public async Task A_disguised_redirect_uri_gets_our_own_page_and_no_redirect(string disguise)
    {
        using var browser = await server.SignedInAsync();

        var answered = await browser.GetAsync(_spa.AuthorizeUrl(("redirect_uri", disguise)));
        var posted = await browser.GetAsync(
            _spa.AuthorizeUrl(("redirect_uri", disguise), ("response_mode", "form_post"))
        );
        var pushed = await _spa.PushAsync(("redirect_uri", disguise));

        Pages.AssertRefusedHere(answered);
        Pages.AssertRefusedHere(posted);
        Assert.Equal(HttpStatusCode.BadRequest, pushed.Status);
        Assert.Equal("invalid_request", pushed["error"]);
        Assert.False(pushed.Has("request_uri"));
    }

    [Theory]
    [Trait("Requirement", "C-01")]
    [Trait("Requirement", "C-03")]
    [InlineData("scope", "root")]
    [InlineData("code_challenge", null)]
    [InlineData("response_type", "token")]
    [InlineData("response_mode", "jwt")]
    [InlineData("prompt", "none")]
    [InlineData("prompt", "none login")]
    [InlineData("max_age", "soon")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("request_uri", "https://evil.example/request")]
    [InlineData("request_uri", "urn:ietf:params:oauth:request_uri:x")]
    [InlineData("id_token_hint", "eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("authorization_details", "[]")]
    public async Task A_second_mistake_does_not_bring_the_browser_there_either(string name, string? value)
    {
        using var browser = await server.SignedInAsync();

        var page = await browser.GetAsync(
            _spa.AuthorizeUrl(("redirect_uri", "https://evil.example/callback"), (name, value))
        );

        Pages.AssertRefusedHere(page);
    }

    [Theory]
    [Trait("Requirement", "C-01")]
    [Trait("Requirement", "C-08")]
    [InlineData("http%3A%2F%2Flocalhost%3A5173%2Fcallback", "https%3A%2F%2Fevil.example%2F")]
    [InlineData("https%3A%2F%2Fevil.example%2F", "http%3A%2F%2Flocalhost%3A5173%2Fcallback")]
    [InlineData("http%3A%2F%2Flocalhost%3A5173%2Fcallback", "http%3A%2F%2Flocalhost%3A5173%2Fcallback")]
    public async Task A_repeated_redirect_uri_gets_our_own_page(string first, string second)
    {
        using var browser = await server.SignedInAsync();
        var rest = _spa.AuthorizeUrl(("redirect_uri", null));

        var page = await browser.GetAsync($"{rest}&redirect_uri={first}&redirect_uri={second}");
        var otherCase = await browser.GetAsync($"{rest}&redirect_uri={first}&Redirect_URI={second}");

        Pages.AssertRefusedHere(page);
        Pages.AssertRefusedHere(otherCase);
    }

    [Theory]
    [Trait("Requirement", "C-02")]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("http://127.0.0.1:1/callback")]
    [InlineData("http://127.0.0.1:51004/callback")]
    [InlineData("http://127.0.0.1:65535/callback")]
    public async Task A_native_app_takes_any_port_of_its_loopback_address_and_keeps_to_it(string uri)
    {
        using var browser = await server.SignedInAsync();
        var mobile = RelyingParty.Mobile(server) with { RedirectUri = uri };

        var code = await mobile.AuthorizeAsync(browser);
        var elsewhere = await mobile.RedeemAsync(code, ("redirect_uri", "http://127.0.0.1:51005/callback"));
        var tokens = await mobile.RedeemAsync(code);

        Assert.Equal("invalid_grant", elsewhere["error"]);
        Assert.Equal(HttpStatusCode.OK, tokens.Status);
    }

    [Theory]
    [Trait("Requirement", "C-02")]
    [InlineData("http://localhost:51004/callback")]
    [InlineData("http://127.0.0.2:51004/callback")]
    [InlineData("http://127.1:51004/callback")]
    [InlineData("http://0x7f.0.0.1:51004/callback")]
    [InlineData("http://2130706433:51004/callback")]
    [InlineData("http://0.0.0.0:51004/callback")]
    [InlineData("http://[::1]:51004/callback")]
    [InlineData("http://[::ffff:127.0.0.1]:51004/callback")]
    [InlineData("https://127.0.0.1:51004/callback")]
    [InlineData("http://127.0.0.1:51004/other")]
    [InlineData("http://127.0.0.1:51004/callback/")]
    [InlineData("http://127.0.0.1:51004/callback?next=evil")]
    [InlineData("http://127.0.0.1:51004/callback#evil")]
    [InlineData("http://127.0.0.1:0/callback")]
    [InlineData("http://127.0.0.1:65536/callback")]
    [InlineData("http://127.0.0.1:/callback")]
    [InlineData("http://127.0.0.1:80@evil.example/callback")]
    [InlineData("http://127.0.0.1:80.evil.example/callback")]
    [InlineData("http://127.0.0.1.evil.example/callback")]
    [InlineData("com.example.shop:/callback2")]
    [InlineData("com.example.shop://callback")]
    [InlineData("com.example.shop:callback")]
    [InlineData("com.example.evil:/callback")]
    public async Task Nothing_but_the_port_may_vary(string uri)
    {
        using var browser = await server.SignedInAsync();
        var mobile = RelyingParty.Mobile(server);

        Pages.AssertRefusedHere(await browser.GetAsync(mobile.AuthorizeUrl(("redirect_uri", uri))));
        Assert.Equal("invalid_request", (await mobile.PushAsync(("redirect_uri", uri)))["error"]);
    }

    [Theory]
    [Trait("Requirement", "C-02")]
    [InlineData("http://127.0.0.1/signin-oidc")]
    [InlineData("http://127.0.0.1:5080/signin-oidc")]
    [InlineData("http://localhost:5081/signin-oidc")]
    public async Task A_web_application_has_no_freedom_of_port(string uri)
    {
        using var browser = await server.SignedInAsync();
        var partner = RelyingParty.Partner(server);

        Pages.AssertRefusedHere(await browser.GetAsync(partner.AuthorizeUrl(("redirect_uri", uri))));
    }
}
