using AuthServer.Clients;

namespace AuthServer.Tests.Clients;

[Trait("Requirement", "C-01")]
public class RedirectUriTests
{
    private const string Registered = "https://app.example/callback";

    [Fact]
    public void The_same_text_is_the_same_redirect_uri()
    {
        Assert.True(RedirectUri.IsSame(Registered, "https://app.example/callback"));
    }

    [Theory]
    [InlineData("https://app.example.evil.test/callback")]
    [InlineData("https://evil.test/app.example/callback")]
    [InlineData("https://app.example@evil.test/callback")]
    [InlineData("https://user@app.example/callback")]
    [InlineData("https://app.example:443/callback")]
    [InlineData("https://app.example:8443/callback")]
    [InlineData("https://app.example./callback")]
    [InlineData("https://APP.example/callback")]
    [InlineData("HTTPS://app.example/callback")]
    [InlineData("http://app.example/callback")]
    [InlineData("https:\\\\app.example\\callback")]
    [InlineData("https://evil.test\\app.example/callback")]
    [InlineData("https://app.example//callback")]
    [InlineData("https://app.example/callback/")]
    [InlineData("https://app.example/Callback")]
    [InlineData("https://app.example/callback?next=1")]
    [InlineData("https://app.example/callback?")]
    [InlineData("https://app.example/callback#")]
    [InlineData("https://app.example/callback#x")]
    [InlineData("https://app.example/callback/../evil")]
    [InlineData("https://app.example/x/../callback")]
    [InlineData("https://app.example/x/%2e%2e/callback")]
    [InlineData("https://app.example/x/%252e%252e/callback")]
    [InlineData("https://app.example/%63allback")]
    [InlineData("https://app.example/callback%00")]
    [InlineData("https://app.example/callback\t")]
    [InlineData("https://app.example/callback\n")]
    [InlineData("https://app.example/\tcallback")]
    [InlineData(" https://app.example/callback")]
    [InlineData("https://app.examp\u217Be/callback")]
    [InlineData("https://xn--app-example/callback")]
    [InlineData("//app.example/callback")]
    [InlineData("javascript://app.example/callback")]
    [InlineData("")]
    public void Any_other_text_is_another_redirect_uri(string disguise)
    {
        Assert.False(RedirectUri.IsSame(Registered, disguise));
        Assert.False(RedirectUri.IsSameButForThePort(Registered, disguise));
    }

    [Theory]
    [Trait("Requirement", "C-02")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:1/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:65535/callback")]
    [InlineData("http://127.0.0.1/callback?app=1", "http://127.0.0.1:51004/callback?app=1")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1:51004")]
    [InlineData("http://[::1]/callback", "http://[::1]:51004/callback")]
    public void A_loopback_address_takes_any_port(string registered, string presented)
    {
        Assert.True(RedirectUri.IsSameButForThePort(registered, presented));
    }

    [Theory]
    [Trait("Requirement", "C-02")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:0/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:65536/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:080/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:\u0661/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:80@evil.test/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:80.evil.test/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1.evil.test/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:80/callback/x")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:80/other")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:80/callback?x=1")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:80/callback#x")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.2:80/callback")]
    [InlineData("http://127.0.0.1/callback", "http://localhost:80/callback")]
    [InlineData("http://127.0.0.1/callback", "http://[::1]:80/callback")]
    [InlineData("http://127.0.0.1/callback", "https://127.0.0.1:80/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:8")]
    [InlineData("http://127.0.0.1:8081/callback", "http://127.0.0.1:8082/callback")]
    [InlineData("http://localhost/callback", "http://localhost:8080/callback")]
    [InlineData("https://127.0.0.1/callback", "https://127.0.0.1:8443/callback")]
    [InlineData("http://127.0.0.1.nip.test/callback", "http://127.0.0.1:80.nip.test/callback")]
    public void Nothing_but_the_port_of_a_loopback_address_may_vary(string registered, string presented)
    {
        Assert.False(RedirectUri.IsSameButForThePort(registered, presented));
    }
}
