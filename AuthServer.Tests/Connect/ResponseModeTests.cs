using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>The ways on which an answer gets to the client, and what it carries.</summary>
public class ResponseModeTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    private static readonly Regex Scripts = new(
        "<script>(?<text>.*?)</script>",
        RegexOptions.NonBacktracking
    );

    [Fact]
    public async Task The_answer_by_form_post_sends_itself_and_nothing_else_may_run()
    {
        using var browser = await server.SignedInAsync();

        var page = await browser.GetAsync(_spa.AuthorizeUrl(("response_mode", "form_post")));

        var told = Pages.PostTo(_spa, page);
        Assert.Equal("the-state", told["state"]);
        Assert.Equal(server.Address.ToString(), told["iss"]);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RedeemAsync(told["code"])).Status);
        var script = Assert.Single(Scripts.Matches(page.Html)).Groups["text"].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        var policy = string.Join(';', page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains($"script-src 'sha256-{hash}'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.True(page.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task An_error_takes_the_way_that_the_client_asked_for()
    {
        using var browser = await server.SignedInAsync();

        var posted = await browser.GetAsync(
            _spa.AuthorizeUrl(("scope", "root"), ("response_mode", "form_post"))
        );
        var inFragment = await browser.GetAsync(
            _spa.AuthorizeUrl(("scope", "root"), ("response_mode", "fragment"))
        );

        Assert.Equal("invalid_scope", Pages.PostTo(_spa, posted)["error"]);
        Assert.Equal("invalid_scope", Pages.FragmentAt(_spa, inFragment)["error"]);
    }

    [Theory]
    [InlineData("a b+c%20d&e=f#g?h/i\\j")]
    [InlineData("\u00E4\u00F6\u00FC \u4E2D\u6587 \U0001F511 \u202E")]
    [InlineData("\"><script>alert(1)</script>'&amp;")]
    [InlineData("""{"nested":["json",1,null]}""")]
    [InlineData("line\r\nbreak\tand tab")]
    [InlineData(" ")]
    public async Task The_state_comes_back_exactly_as_it_was_sent(string state)
    {
        using var browser = await server.SignedInAsync();

        var inQuery = await browser.GetAsync(_spa.AuthorizeUrl(("state", state)));
        var inFragment = await browser.GetAsync(
            _spa.AuthorizeUrl(("state", state), ("response_mode", "fragment"))
        );
        var posted = await browser.GetAsync(
            _spa.AuthorizeUrl(("state", state), ("response_mode", "form_post"))
        );
        var refused = await browser.GetAsync(_spa.AuthorizeUrl(("state", state), ("scope", "root")));

        Assert.Equal(state, inQuery.Callback(_spa)["state"]);
        Assert.Equal(state, Pages.FragmentAt(_spa, inFragment)["state"]);
        Assert.Equal(state, Pages.PostTo(_spa, posted)["state"]);
        Pages.AssertRefusedAt(_spa, refused, "invalid_scope", state);
    }

    [Fact]
    public async Task A_long_state_comes_back_and_none_does_not_appear()
    {
        using var browser = await server.SignedInAsync();
        var state = string.Concat(Enumerable.Repeat("0123456789abcdef", 300));

        var longest = await browser.GetAsync(_spa.AuthorizeUrl(("state", state)));
        var none = await browser.GetAsync(_spa.AuthorizeUrl(("state", null)));

        Assert.Equal(state, longest.Callback(_spa)["state"]);
        Assert.DoesNotContain("state", none.Callback(_spa).Keys);
    }
}
