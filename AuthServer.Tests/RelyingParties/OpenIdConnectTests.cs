using System.Net;
using System.Text.RegularExpressions;

namespace AuthServer.Tests.RelyingParties;

/// <summary>The sample WebApp: stock AddOpenIdConnect, which calls the sample ProtectedApi for the person.</summary>
public sealed partial class OpenIdConnectTests(Shop shop) : IClassFixture<Shop>, IDisposable
{
    private readonly Person _person = new();

    [Fact]
    public async Task A_person_signs_in_and_sees_the_orders()
    {
        var home = await SignInAsync();

        Assert.Equal(HttpStatusCode.OK, home.Status);
        Assert.Contains("Demo User", home.Html, StringComparison.Ordinal);
        Assert.Contains(Demo.Email, home.Html, StringComparison.Ordinal);
        Assert.Contains("Coffee beans", home.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_puts_a_new_access_token_to_use()
    {
        var before = await SignInAsync();

        var after = await _person.SubmitAsync(before, "handler=Refresh");

        Assert.NotEqual(TokenOn(before), TokenOn(after));
        Assert.Contains("Coffee beans", after.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_tabs_that_refresh_together_share_one_exchange()
    {
        var home = await SignInAsync();
        var exchanges = shop.Tap.Given.Count;

        await Task.WhenAll(
            _person.SubmitAsync(home, "handler=Refresh"),
            _person.SubmitAsync(home, "handler=Refresh")
        );
        var after = await _person.OpenAsync(shop.WebApp.Address);

        Assert.Equal(exchanges + 1, shop.Tap.Given.Count);
        Assert.Contains("Coffee beans", after.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_here_and_at_AuthServer()
    {
        var home = await SignInAsync();

        var goodbye = await _person.SubmitAsync(home, "handler=SignOut");
        var again = await _person.OpenAsync(shop.WebApp.Address);

        Assert.Equal("/SignedOut", goodbye.Address.AbsolutePath);
        Assert.Equal("/account/login", again.Address.AbsolutePath);
    }

    public void Dispose() => _person.Dispose();

    private async Task<View> SignInAsync() =>
        await _person.SignInAsync(await _person.OpenAsync(shop.WebApp.Address));

    private static string TokenOn(View page) => Fingerprint().Match(page.Html).Groups["value"].Value;

    [GeneratedRegex("id=\"token\">(?<value>[0-9A-F]+)<", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fingerprint();
}
