using AuthServer.Tests.Support;

namespace AuthServer.Tests.RelyingParties;

/// <summary>The sample WebApp, when its access tokens are about to end.</summary>
public sealed class FreshTokensTests(HastyShop shop) : IClassFixture<HastyShop>
{
    [Fact]
    public async Task An_access_token_near_its_end_is_renewed_without_being_asked()
    {
        using var browser = new Browser(shop.Server);
        var home = shop.WebApp.Address.ToString();
        await browser.SignInOnAsync(await browser.VisitAsync(home));
        var exchanges = shop.Tap.Given.Count;

        var first = await browser.VisitAsync(home);
        var second = await browser.VisitAsync(home);

        Assert.Equal(exchanges + 2, shop.Tap.Given.Count);
        Assert.All(
            [first, second],
            page => Assert.Contains("Coffee beans", page.Html, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Somebody_whose_sign_in_was_revoked_signs_in_again_without_an_error()
    {
        using var browser = new Browser(shop.Server);
        var home = shop.WebApp.Address.ToString();
        await browser.SignInOnAsync(await browser.VisitAsync(home));
        await shop.WebAppParty.RevokeAsync(shop.Tap.Given[^1].RefreshToken!);
        var exchanges = shop.Tap.Given.Count;

        var again = await browser.VisitAsync(home);

        // The sign-in, and the renewal of what it gave.
        Assert.Equal(exchanges + 2, shop.Tap.Given.Count);
        Assert.Equal(shop.WebApp.Address, again.Url);
        Assert.Contains("Coffee beans", again.Html, StringComparison.Ordinal);
    }
}
