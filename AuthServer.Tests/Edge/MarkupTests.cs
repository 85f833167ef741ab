using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Edge;

/// <summary>Text of somebody else that would like to be markup.</summary>
public class MarkupTests(MarkupTests.LoudServer server) : IClassFixture<MarkupTests.LoudServer>
{
    private const string Name = "<img src=x onerror=alert(1)>";

    private static readonly string[] Corpus =
    [
        "<script>alert(1)</script>",
        "\"><script>alert(1)</script>",
        "'><img src=x onerror=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' onfocus='alert(1)' autofocus='",
        "</title><svg onload=alert(1)>",
        "</textarea><svg/onload=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<!--<img src=--><img src=x onerror=alert(1)//>",
        "\u2028<svg onload=alert(1)>",
        "<\u0131mg src=x onerror=alert(1)>",
        "@(1+1) {{7*7}} ${7*7} <%= 7*7 %><b>",
    ];

    public static TheoryData<string> Addresses =>
        [
            "connect/authorize?client_id={0}&redirect_uri={0}&response_type={0}&scope={0}&state={0}",
            "connect/authorize?client_id=shop-spa&redirect_uri={0}&state={0}",
            "connect/authorize?client_id=shop-spa&{0}=a&{0}=b",
            "connect/logout?id_token_hint={0}&post_logout_redirect_uri={0}&state={0}",
            "connect/signed-out?state={0}",
            "connect/consent?client_id={0}&scope={0}",
            "account/login?returnUrl={0}&login_hint={0}",
            "account/login?returnUrl=%2Fconnect%2Fauthorize%3Flogin_hint%3D{0}",
            "account/confirm?id={0}&token={0}",
            "account/register?returnUrl={0}&email={0}",
            "nothing/{0}",
        ];

    [Theory]
    [Trait("Requirement", "C-74")]
    [MemberData(nameof(Addresses))]
    public async Task On_a_page_it_stays_text(string address)
    {
        foreach (var text in Corpus)
        {
            using var answer = await server.Http.GetAsync(
                string.Format(
                    System.Globalization.CultureInfo.InvariantCulture,
                    address,
                    Uri.EscapeDataString(text)
                )
            );

            AssertHarmless(text, await answer.Content.ReadAsStringAsync());
            Assert.DoesNotContain('<', answer.Headers.Location?.OriginalString ?? "");
        }
    }

    [Fact]
    [Trait("Requirement", "C-74")]
    public async Task In_a_form_that_comes_back_it_stays_text()
    {
        foreach (var text in Corpus)
        {
            using var browser = new Browser(server);
            var signIn = await browser.SignInAsync(text, text);
            var registration = await browser.RegisterAsync(text, text, text);

            AssertHarmless(text, signIn.Html);
            AssertHarmless(text, registration.Html);
        }
    }

    [Fact]
    [Trait("Requirement", "C-74")]
    public async Task The_name_of_a_client_stays_text_on_the_consent_page()
    {
        using var browser = await server.SignedInAsync();
        var client = RelyingParty.Partner(server);

        var consent = await browser.GetAsync(client.AuthorizeUrl());
        consent = consent.Location is null ? consent : await browser.FollowAsync(consent);

        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", consent.Html, StringComparison.Ordinal);
        AssertHarmless(Name, consent.Html);
    }

    [Fact]
    [Trait("Requirement", "C-74")]
    public async Task The_state_stays_text_in_the_page_that_posts_the_answer()
    {
        using var browser = await server.SignedInAsync();
        foreach (var text in Corpus)
        {
            var page = await browser.GetAsync(
                RelyingParty.Spa(server).AuthorizeUrl(("state", text), ("response_mode", "form_post"))
            );

            Assert.Equal(HttpStatusCode.OK, page.Status);
            AssertHarmless(text, page.Html);
        }
    }

    [Fact]
    [Trait("Requirement", "C-74")]
    public async Task A_letter_holds_no_markup_of_anybody()
    {
        var email = await server.NewPersonAsync("Ada");

        var letter = await new Inbox(server).ReceiveAsync(email, "Confirm your address");

        Assert.DoesNotContain('<', letter.Split("\n\n", 2)[1]);
        Assert.DoesNotContain("Ada", letter, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Requirement", "C-88")]
    [InlineData("response_type", "token")]
    [InlineData("scope", "openid admin")]
    [InlineData("prompt", "none")]
    public async Task An_error_at_the_client_names_no_manual_of_the_engine(string name, string value)
    {
        using var answer = await server.Http.GetAsync(RelyingParty.Spa(server).AuthorizeUrl((name, value)));
        var location = answer.Headers.Location!.OriginalString;

        Assert.StartsWith("http://localhost:5173/callback", location, StringComparison.Ordinal);
        Assert.Contains("error=", location, StringComparison.Ordinal);
        Assert.DoesNotContain("error_uri", location, StringComparison.Ordinal);
        Assert.DoesNotContain("openiddict", location, StringComparison.OrdinalIgnoreCase);
    }

    // Quotes are dangerous in an attribute only, so they are looked for in front of one.
    private static void AssertHarmless(string text, string html)
    {
        if (text.Contains('<', StringComparison.Ordinal))
        {
            Assert.DoesNotContain(text, html, StringComparison.Ordinal);
            Assert.DoesNotContain("onerror=alert(1)>", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<svg", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("\" onmouseover", html, StringComparison.Ordinal);
        Assert.DoesNotContain("' onfocus", html, StringComparison.Ordinal);
    }

    public sealed class LoudServer : Server
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [
                new("Clients:2:DisplayName", Name),
                new("RateLimits:ExemptNetworks:0", "127.0.0.0/8"),
                new("RateLimits:ExemptNetworks:1", "::1/128"),
                new("RateLimits:SignInFailures:PermitLimit", "1000"),
                new("RateLimits:SignInFailuresPerAddress:PermitLimit", "1000"),
            ];
    }
}
