using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

[Trait("Requirement", "C-11")]
public class AppsTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);
    private readonly RelyingParty _partner = RelyingParty.Partner(server);

    [Fact]
    public async Task A_person_sees_which_clients_may_do_what()
    {
        using var browser = await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));
        await _spa.SignInAsync(browser);
        await browser.AllowAsync(await browser.AskAsync(_partner));

        var page = await browser.GetAsync("account/apps");

        Assert.Contains("<strong>Shop (browser)</strong>", page.Html, StringComparison.Ordinal);
        Assert.Contains("<strong>Partner", page.Html, StringComparison.Ordinal);
        Assert.Contains("see your name", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taking_it_away_ends_the_families_of_that_client_on_every_device_and_no_other()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var there = await server.SignedInAsync(email);
        using var here = await server.SignedInAsync(email);
        var mobile = RelyingParty.Mobile(server);
        Answer[] ended = [await _spa.SignInAsync(there), await _spa.SignInAsync(here)];
        var kept = await mobile.SignInAsync(here);

        await TakeAwayAsync(here, _spa);

        foreach (var tokens in ended)
        {
            Assert.Equal("invalid_grant", (await _spa.RefreshAsync(tokens["refresh_token"]))["error"]);
            Assert.False(await server.IsActiveAsync(tokens["access_token"]));
        }

        Assert.False((await mobile.RefreshAsync(kept["refresh_token"])).Json.TryGetProperty("error", out _));
        Assert.True(await there.IsSignedInAsync());
        Assert.DoesNotContain(
            "Shop (browser)<",
            (await here.GetAsync("account/apps")).Html,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_client_that_needs_consent_must_ask_again()
    {
        using var browser = await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));
        await browser.AllowAsync(await browser.AskAsync(_partner));
        var silent = await browser.GetAsync(_partner.AuthorizeUrl(("prompt", "none")));
        Assert.Contains("code", silent.Callback(_partner).Keys);

        await TakeAwayAsync(browser, _partner);

        var refused = await browser.GetAsync(_partner.AuthorizeUrl(("prompt", "none")));
        Assert.Equal("consent_required", refused.Callback(_partner)["error"]);
    }

    [Fact]
    public async Task An_answer_that_was_taken_away_is_not_given_again_by_going_back_in_the_browser()
    {
        using var browser = await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));
        var allowed = await browser.PressAsync(await browser.AskAsync(_partner), "Allow");
        var resume = allowed.Location!.ToString();
        await browser.GetAsync(resume);

        await TakeAwayAsync(browser, _partner);
        var again = await browser.GetAsync(resume);

        Assert.Equal("/connect/consent", again.Location!.AbsolutePath);
    }

    [Fact]
    [Trait("Requirement", "C-11")]
    public async Task What_is_taken_away_while_a_code_is_being_written_is_not_given()
    {
        var email = await server.NewPersonAsync("Ada Lovelace");
        using var browser = await server.SignedInAsync(email);
        using var other = await server.SignedInAsync(email);
        var allowed = await browser.PressAsync(await browser.AskAsync(_partner), "Allow");
        server.Statements.Before = async (statement, _) =>
        {
            if (statement.Contains("INSERT INTO \"OpenIddictAuthorizations\"", StringComparison.Ordinal))
            {
                server.Statements.Before = (_, _) => Task.CompletedTask;
                await TakeAwayAsync(other, _partner);
            }
        };

        var refused = await browser.GetAsync(allowed.Location!.ToString());

        Assert.Equal("access_denied", refused.Callback(_partner)["error"]);
        Assert.DoesNotContain("code", refused.Callback(_partner).Keys);
        Assert.DoesNotContain(
            "Partner",
            (await other.GetAsync("account/apps")).Html,
            StringComparison.Ordinal
        );
    }

    [Fact]
    [Trait("Requirement", "C-84")]
    public async Task Nobody_takes_away_what_somebody_else_has_allowed()
    {
        using var victim = await server.SignedInAsync(await server.NewPersonAsync("Ada Lovelace"));
        var tokens = await _spa.SignInAsync(victim);
        using var attacker = await server.SignedInAsync(await server.NewPersonAsync("Mallory Lovelace"));
        await _spa.SignInAsync(attacker);

        await TakeAwayAsync(attacker, _spa);

        Assert.True(await server.IsActiveAsync(tokens["access_token"]));
    }

    private static async Task TakeAwayAsync(Browser browser, RelyingParty client) =>
        await browser.PressAsync(
            await browser.GetAsync("account/apps"),
            "Take away",
            ("client", client.ClientId)
        );
}
