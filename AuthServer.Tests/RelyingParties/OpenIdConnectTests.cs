using System.Net;
using System.Text.RegularExpressions;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.RelyingParties;

/// <summary>The sample WebApp: stock AddOpenIdConnect, which calls the sample ProtectedApi for the person.</summary>
public sealed partial class OpenIdConnectTests(Shop shop) : IClassFixture<Shop>, IDisposable
{
    private readonly Browser _browser = new(shop.Server);

    private string Home => shop.WebApp.Address.ToString();

    [Fact]
    public async Task A_person_signs_in_and_sees_the_orders()
    {
        var home = await SignInAsync();

        Assert.Equal(HttpStatusCode.OK, home.Status);
        Assert.Contains("Demo User", home.Html, StringComparison.Ordinal);
        Assert.Contains("demo@example.com", home.Html, StringComparison.Ordinal);
        Assert.Contains("Coffee beans", home.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_puts_a_new_access_token_to_use()
    {
        var before = await SignInAsync();

        var after = await _browser.PressOnAsync(before, "Refresh now");

        Assert.NotEqual(TokenOn(before), TokenOn(after));
        Assert.Contains("Coffee beans", after.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_tabs_that_refresh_together_share_one_exchange()
    {
        var home = await SignInAsync();
        using var otherTab = OpenTab();
        var exchanges = shop.Tap.Given.Count;

        var pages = await Task.WhenAll(
            _browser.PressOnAsync(home, "Refresh now"),
            otherTab.PressOnAsync(home, "Refresh now")
        );

        Assert.Equal(exchanges + 1, shop.Tap.Given.Count);
        Assert.Equal(TokenOn(pages[0]), TokenOn(pages[1]));
        Assert.NotEqual(TokenOn(home), TokenOn(pages[0]));
    }

    [Fact]
    public async Task A_refused_refresh_leads_to_signing_in_again()
    {
        var home = await SignInAsync();
        await shop.WebAppParty.RevokeAsync(shop.Tap.Given[^1].RefreshToken!);

        var again = await _browser.PressOnAsync(home, "Refresh now");

        Assert.Equal(shop.WebApp.Address, again.Url);
        Assert.NotEqual(TokenOn(home), TokenOn(again));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_here_and_at_AuthServer()
    {
        var home = await SignInAsync();

        var goodbye = await _browser.PressOnAsync(home, "Sign out");
        var again = await _browser.VisitAsync(Home);

        Assert.Equal("/SignedOut", goodbye.Url.AbsolutePath);
        Assert.Equal("/account/login", again.Url.AbsolutePath);
    }

    public void Dispose() => _browser.Dispose();

    private async Task<Page> SignInAsync() => await _browser.SignInOnAsync(await _browser.VisitAsync(Home));

    private Browser OpenTab()
    {
        var tab = new Browser(shop.Server);
        foreach (var (name, value) in _browser.Cookies)
        {
            tab.Cookies[name] = value;
        }

        return tab;
    }

    private static string TokenOn(Page page) => Fingerprint().Match(page.Html).Groups["value"].Value;

    [GeneratedRegex("id=\"token\">(?<value>[0-9A-F]+)<", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fingerprint();
}
