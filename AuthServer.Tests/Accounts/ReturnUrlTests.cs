using AuthServer.Accounts;

namespace AuthServer.Tests.Accounts;

[Trait("Requirement", "C-03")]
public class ReturnUrlTests
{
    [Theory]
    [InlineData("/")]
    [InlineData(
        "/connect/authorize?client_id=spa&redirect_uri=http%3A%2F%2Flocalhost%2F&scope=openid%20email"
    )]
    [InlineData("/%2F/evil.example")]
    [InlineData("/?next=//evil.example")]
    public void A_path_of_this_server_is_kept(string url) => Assert.Equal(url, ReturnUrl.OrHome(url));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" /")]
    [InlineData("connect/authorize")]
    [InlineData("~/x")]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/a\\b")]
    [InlineData("/\t/evil.example")]
    [InlineData("\t//evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/\r\nSet-Cookie: a=b")]
    [InlineData("/\0")]
    [InlineData("/é")]
    [InlineData("/\u2028")]
    [InlineData("/\uFF0Fevil.example")]
    [InlineData("https:evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("http://localhost/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("%2F%2Fevil.example")]
    [InlineData("@evil.example")]
    public void Anything_else_leads_home(string? url) => Assert.Equal("/", ReturnUrl.OrHome(url));
}
