using AuthServer.Clients;

namespace AuthServer.Tests.Clients;

[Trait("Requirement", "C-04")]
public class RedirectUriRulesTests
{
    [Theory]
    [InlineData("https://app.example/callback")]
    [InlineData("https://app.example")]
    [InlineData("https://app.example:8443/callback?tenant=1")]
    [InlineData("https://xn--bcher-kva.example/callback")]
    [InlineData("https://app.example/a%20b/%40me")]
    [InlineData("http://localhost:5173/callback")]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("http://[::1]:7000/callback")]
    [InlineData("com.example.shop:/callback")]
    [InlineData("com.example.shop://callback")]
    public void A_plain_uri_may_be_registered(string uri)
    {
        Assert.Null(RedirectUriRules.Fault(uri));
    }

    [Theory]
    [InlineData("javascript:alert(1)", "scheme 'javascript'")]
    [InlineData("JavaScript://app.example/%0aalert(1)", "scheme 'JavaScript'")]
    [InlineData("data:text/html,hi", "scheme 'data'")]
    [InlineData("vbscript:msgbox", "scheme 'vbscript'")]
    [InlineData("file:///etc/passwd", "scheme 'file'")]
    [InlineData("myapp:/callback", "scheme 'myapp'")]
    [InlineData("http://app.example/callback", "use https")]
    [InlineData("http://localhost.evil.test/callback", "use https")]
    [InlineData("http://127.0.0.2/callback", "use https")]
    [InlineData("http://127.1/callback", "unusual host")]
    [InlineData("http://0x7f.0.0.1/callback", "unusual host")]
    [InlineData("http://2130706433/callback", "unusual host")]
    [InlineData("https://App.Example/callback", "unusual host")]
    [InlineData("https://app.example:0443/callback", "unusual host")]
    [InlineData("https://app.example:/callback", "unusual host")]
    [InlineData("https://app.example/callback#", "fragment")]
    [InlineData("https://app.example/callback#x", "fragment")]
    [InlineData("https://user@app.example/callback", "'@'")]
    [InlineData("https://app.example:pw@evil.test/callback", "'@'")]
    [InlineData("com.example.shop://user@host/callback", "'@'")]
    [InlineData("https://*.example/callback", "wildcard")]
    [InlineData("https://app.example/*", "wildcard")]
    [InlineData("https://app.example\\callback", "backslash")]
    [InlineData("https://app.example/a b", "space")]
    [InlineData("https://app.example/callback\r\nSet-Cookie:x", "control character")]
    [InlineData("https://app.example/callback\0", "control character")]
    [InlineData("https://app.example/callback\t", "control character")]
    [InlineData("https://b\u00FCcher.example/callback", "xn--")]
    [InlineData("https://app.example/callback%0d%0aX", "encoded")]
    [InlineData("https://app.example/callback%00", "encoded")]
    [InlineData("https://app.example/%5Cevil", "encoded")]
    [InlineData("https://app.example/a/../callback", "'..'")]
    [InlineData("https://app.example/./callback", "'..'")]
    [InlineData("https://app.example/a/%2e%2e/callback", "'..'")]
    [InlineData("https://app.example/a/%252E%252e%252fcallback", "'..'")]
    [InlineData("https://app.example/%3f/../callback", "'..'")]
    [InlineData("com.example.shop:/../callback", "'..'")]
    [InlineData("https://app.example/callback?code=1", "'code'")]
    [InlineData("https://app.example/callback?a=1&iss=x", "'iss'")]
    [InlineData("https:///callback", "absolute")]
    [InlineData("https:app.example/callback", "absolute")]
    [InlineData("/callback", "absolute")]
    [InlineData("//app.example/callback", "absolute")]
    [InlineData("app.example/callback", "absolute")]
    public void A_uri_that_could_lead_elsewhere_may_not_be_registered(string uri, string reason)
    {
        Assert.Contains(reason, RedirectUriRules.Fault(uri), StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_long_uri_may_not_be_registered()
    {
        var uri = $"https://app.example/{new string('a', 2_000)}";

        Assert.Contains("longer", RedirectUriRules.Fault(uri), StringComparison.Ordinal);
    }
}
