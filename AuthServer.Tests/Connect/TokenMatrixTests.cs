using System.Net;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Connect;

/// <summary>Everything that we hand out, shown at every door but its own.</summary>
[Trait("Requirement", "C-36")]
public class TokenMatrixTests(VersatileClientServer server) : IClassFixture<VersatileClientServer>
{
    private readonly RelyingParty _client = VersatileClientServer.Versatile(server);

    [Theory]
    [InlineData("access_token")]
    [InlineData("id_token")]
    [InlineData("refresh_token")]
    [InlineData("code")]
    [InlineData("request_uri")]
    [InlineData("pushed request")]
    [InlineData("interaction")]
    [InlineData("session cookie")]
    public async Task One_kind_opens_no_door_of_another(string kind)
    {
        var browser = await server.SignedInAsync();
        var all = await HandOutAsync(browser);

        var opened = new List<string>();
        foreach (var (door, tryAsync) in Doors(browser).Where(door => !Fits(kind, door.Name)))
        {
            if (!await tryAsync(all[kind]))
            {
                opened.Add(door);
            }
        }

        Assert.Empty(opened);
        // Nothing was used up or ended on the way.
        Assert.Equal(HttpStatusCode.OK, (await _client.RedeemAsync(all["code"])).Status);
        Assert.Equal(HttpStatusCode.OK, (await _client.RefreshAsync(all["refresh_token"])).Status);
        Assert.Equal(HttpStatusCode.OK, (await _client.UserInfoAsync(all["access_token"])).Status);
    }

    private async Task<Dictionary<string, string>> HandOutAsync(Browser browser)
    {
        var tokens = await _client.SignInAsync(browser);
        var pushed = await _client.PushAsync();
        var consent = await browser.GetAsync(_client.AuthorizeUrl(("prompt", "consent")));
        var interaction = QueryHelpers.ParseQuery(consent.Location!.Query)["interaction"].ToString();
        return new(StringComparer.Ordinal)
        {
            ["access_token"] = tokens["access_token"],
            ["id_token"] = tokens["id_token"],
            ["refresh_token"] = tokens["refresh_token"],
            ["code"] = await _client.AuthorizeAsync(browser),
            ["request_uri"] = pushed["request_uri"],
            ["pushed request"] = pushed["request_uri"].Split(':')[^1],
            ["interaction"] = interaction,
            ["session cookie"] = browser.Cookies["session"],
        };
    }

    private static bool Fits(string kind, string door) =>
        (kind, door)
            is
                ("access_token", "userinfo" or "userinfo by form" or "introspection" or "revocation")
                or
                ("refresh_token", "refresh" or "introspection" or "revocation")
                or
                ("id_token", "hint of authorize" or "hint of logout")
                or
                ("code", "code")
                or
                ("request_uri", "request_uri")
                or
                ("interaction", "consent page");

    // Each says whether it stayed shut.
    private IEnumerable<(string Name, Func<string, Task<bool>> StaysShut)> Doors(Browser browser)
    {
        yield return ("userinfo", async text => Is(401, await _client.UserInfoAsync(text)));
        yield return (
            "userinfo by form",
            async text =>
                Is(
                    401,
                    await server.PostAsync("connect/userinfo", $"access_token={Uri.EscapeDataString(text)}")
                )
        );
        yield return ("code", async text => Is(400, await _client.RedeemAsync(text)));
        yield return ("refresh", async text => Is(400, await _client.RefreshAsync(text)));
        yield return (
            "introspection",
            async text => !(await _client.IntrospectAsync(text)).Json.GetProperty("active").GetBoolean()
        );
        yield return (
            "revocation",
            async text =>
                (await _client.RevokeAsync(text))
                    is { Status: HttpStatusCode.OK or HttpStatusCode.BadRequest }
        );
        yield return (
            "client assertion",
            async text =>
                (
                    await server.PostAsync(
                        "connect/token",
                        "grant_type=client_credentials&client_id=versatile&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                            + $"&client_assertion={Uri.EscapeDataString(text)}"
                    )
                ).Has("error")
        );
        yield return (
            "secret",
            async text => Is(401, await (_client with { Secret = text }).ClientCredentialsAsync())
        );
        yield return (
            "hint of authorize",
            async text => GivesNoCode(await browser.GetAsync(_client.AuthorizeUrl(("id_token_hint", text))))
        );
        yield return (
            "hint of logout",
            async text =>
                (await browser.GetAsync($"connect/logout?id_token_hint={Uri.EscapeDataString(text)}")).Status
                is HttpStatusCode.BadRequest
        );
        yield return (
            "request_uri",
            async text =>
                GivesNoCode(
                    await browser.GetAsync(
                        $"connect/authorize?client_id=versatile&request_uri={Uri.EscapeDataString(text)}"
                    )
                )
        );
        yield return (
            "interaction of authorize",
            async text =>
                GivesNoCode(
                    await browser.GetAsync(_client.AuthorizeUrl(("prompt", "login"), ("interaction", text)))
                )
        );
        yield return (
            "consent page",
            async text =>
                (await browser.GetAsync($"connect/consent?interaction={Uri.EscapeDataString(text)}")).Status
                is HttpStatusCode.BadRequest
        );
        yield return (
            "session",
            async text =>
            {
                using var thief = new Browser(server);
                thief.Cookies["session"] = text;
                return ReferenceEquals(text, browser.Cookies["session"]) || !await thief.IsSignedInAsync();
            }
        );
    }

    private static bool Is(int status, Answer answer) => (int)answer.Status == status && answer.Has("error");

    private static bool GivesNoCode(Page page) =>
        page.Status is HttpStatusCode.BadRequest or HttpStatusCode.Redirect
        && page.Location?.Query.Contains("code=", StringComparison.Ordinal) != true;
}
