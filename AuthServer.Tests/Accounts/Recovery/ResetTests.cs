using System.Net;
using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Accounts.Recovery;

/// <summary>A server that counts letters and guesses as in production.</summary>
public sealed class RecoveringServer : Server
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            KeyValuePair.Create("Accounts:RequireConfirmedEmail", "true"),
            KeyValuePair.Create("RateLimits:SignInFailures:PermitLimit", "5"),
            KeyValuePair.Create("RateLimits:Letters:PermitLimit", "5"),
        ];
}

public sealed class ResetTests(RecoveringServer server) : IClassFixture<RecoveringServer>, IDisposable
{
    private const string Subject = "Choose a new password";
    private const string NewPassword = "Another-Horse-8-Battery";

    private readonly Browser _browser = new(server);
    private readonly Inbox _inbox = new(server);

    public void Dispose() => _browser.Dispose();

    [Fact]
    [Trait("Requirement", "C-63")]
    public async Task The_link_in_the_letter_sets_a_new_password_once()
    {
        await server.AddAccountAsync("forgetful@example.org");
        await AskAsync("forgetful@example.org");
        var link = Inbox.LinkIn(await _inbox.ReceiveAsync("forgetful@example.org", Subject));

        var set = await SetAsync(link);
        var again = await _browser.GetAsync(link);

        Assert.Equal("/account/login", set.Location!.AbsolutePath);
        Assert.Contains("no longer valid", again.Html, StringComparison.Ordinal);
        await _browser.SignInAsync("forgetful@example.org");
        Assert.False(await _browser.IsSignedInAsync());
        await _browser.SignInAsync("forgetful@example.org", NewPassword);
        Assert.True(await _browser.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-63")]
    public async Task Of_ten_uses_at_once_one_sets_its_password()
    {
        await server.AddAccountAsync("raced@example.org");
        await AskAsync("raced@example.org");
        var page = await _browser.GetAsync(
            Inbox.LinkIn(await _inbox.ReceiveAsync("raced@example.org", Subject))
        );

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(i =>
                    _browser.PressAsync(page, "Set the password", ("Password", $"Racing-Horse-{i}-Battery"))
                )
        );

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Redirect);
    }

    [Fact]
    [Trait("Requirement", "C-63")]
    public async Task A_new_letter_kills_the_link_of_the_one_before()
    {
        await server.AddAccountAsync("twice@example.org");
        await AskAsync("twice@example.org");
        await AskAsync("twice@example.org");
        var letters = await _inbox.ReceiveAsync("twice@example.org", Subject, count: 2);

        var first = await _browser.GetAsync(Inbox.LinkIn(letters[0]));
        var second = await SetAsync(Inbox.LinkIn(letters[1]));

        Assert.Contains("no longer valid", first.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, second.Status);
    }

    [Fact]
    [Trait("Requirement", "C-63")]
    public async Task A_password_change_kills_the_link()
    {
        await server.AddAccountAsync("changed@example.org");
        await AskAsync("changed@example.org");
        var link = Inbox.LinkIn(await _inbox.ReceiveAsync("changed@example.org", Subject));
        await _browser.SignInAsync("changed@example.org");
        await _browser.PressAsync(
            await _browser.GetAsync("account/password"),
            "Set the password",
            ("Password", "Third-Horse-9-Battery")
        );

        var page = await _browser.GetAsync(link);

        Assert.Contains("no longer valid", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-63")]
    public async Task The_link_of_one_account_opens_no_other()
    {
        await server.AddAccountAsync("mine@example.org");
        await server.AddAccountAsync("yours@example.org");
        await AskAsync("mine@example.org");
        await AskAsync("yours@example.org");
        var mine = new Uri(Inbox.LinkIn(await _inbox.ReceiveAsync("mine@example.org", Subject))).Query;
        var yours = new Uri(Inbox.LinkIn(await _inbox.ReceiveAsync("yours@example.org", Subject))).Query;
        var mixed = yours.Split("&token=")[0] + "&token=" + mine.Split("&token=")[1];

        foreach (
            var query in new[] { mixed, yours[..^1], yours + "A", yours.Split("&token=")[0], "?token=x", "" }
        )
        {
            var page = await _browser.GetAsync($"account/reset{query}");

            Assert.Contains("no longer valid", page.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Requirement", "C-25")]
    public async Task A_reset_ends_every_session_and_family()
    {
        await server.AddAccountAsync("thief-inside@example.org");
        using var thief = await server.SignedInAsync("thief-inside@example.org");
        var spa = RelyingParty.Spa(server);
        var tokens = await spa.SignInAsync(thief);
        await AskAsync("thief-inside@example.org");

        await SetAsync(Inbox.LinkIn(await _inbox.ReceiveAsync("thief-inside@example.org", Subject)));

        Assert.False(await thief.IsSignedInAsync());
        Assert.Equal("invalid_grant", (await spa.RefreshAsync(tokens["refresh_token"]))["error"]);
        Assert.False(await server.IsActiveAsync(tokens["access_token"]));
        await _inbox.ReceiveAsync("thief-inside@example.org", "Your password was changed");
    }

    [Fact]
    [Trait("Requirement", "C-61")]
    public async Task A_reset_signs_nobody_in()
    {
        await server.AddAccountAsync("careful@example.org");
        await AskAsync("careful@example.org");

        await SetAsync(Inbox.LinkIn(await _inbox.ReceiveAsync("careful@example.org", Subject)));

        Assert.False(await _browser.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-52")]
    public async Task The_answer_is_the_same_for_every_address()
    {
        await server.AddAccountAsync("known@example.org");
        await server.AddAccountAsync("off@example.org", account => account.DisabledAt = DateTime.UnixEpoch);
        await server.AddAccountAsync("shell@example.org", account => account.EmailConfirmed = false);

        var known = await AskAsync("known@example.org");
        string[] others = ["off@example.org", "shell@example.org", "nobody@example.org"];
        foreach (var other in others)
        {
            var answer = await AskAsync(other);

            Assert.Equal(known.Status, answer.Status);
            Assert.Equal(known.Html, answer.Html);
            Assert.Equal(known.Headers.Select(h => h.Key), answer.Headers.Select(h => h.Key));
        }

        await _inbox.ReceiveAsync("off@example.org", "Your account is switched off");
        await _inbox.ReceiveAsync("nobody@example.org", "You have no account here");
        Assert.DoesNotContain(
            _inbox.To("off@example.org").Concat(_inbox.To("nobody@example.org")),
            letter => letter.Contains("token=", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Who_never_confirmed_proves_the_mailbox_by_the_reset()
    {
        await _browser.RegisterAsync("lost-letter@example.org");
        await AskAsync("lost-letter@example.org");

        await SetAsync(Inbox.LinkIn(await _inbox.ReceiveAsync("lost-letter@example.org", Subject)));

        await _browser.SignInAsync("lost-letter@example.org", NewPassword);
        Assert.True(await _browser.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-64")]
    public async Task The_link_leads_to_the_issuer_whatever_host_was_asked()
    {
        await server.AddAccountAsync("hosted@example.org");
        var page = await _browser.GetAsync("account/forgot");
        using var content = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["__RequestVerificationToken"] = page.ReadForms()[0]
                    .Controls.Single(control => control.Name == "__RequestVerificationToken")
                    .Value,
                ["Email"] = "hosted@example.org",
            }
        );
        var request = new HttpRequestMessage(HttpMethod.Post, "account/forgot") { Content = content };
        request.Headers.Host = "evil.example";
        string[] tricks = ["X-Forwarded-Host", "X-Forwarded-Server", "X-Original-Host", "X-Host"];
        foreach (var trick in tricks)
        {
            request.Headers.Add(trick, "evil.example");
        }

        request.Headers.Add("Forwarded", "host=evil.example");

        await _browser.SendAsync(request);

        var letter = await _inbox.ReceiveAsync("hosted@example.org", Subject);
        Assert.StartsWith(server.Address.ToString(), Inbox.LinkIn(letter), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", letter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_gets_five_letters_an_hour_whoever_asks()
    {
        await server.AddAccountAsync("bombed@example.org");

        var answers = new List<Page>();
        for (var i = 0; i < 8; i++)
        {
            answers.Add(await AskAsync("bombed@example.org"));
        }

        await server.AddAccountAsync("after@example.org");
        await AskAsync("after@example.org");
        await _inbox.ReceiveAsync("after@example.org", Subject);
        Assert.Equal(5, _inbox.To("bombed@example.org").Count);
        Assert.Single(answers.Select(answer => answer.Html).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("Requirement", "C-55")]
    public async Task Links_that_are_guessed_are_counted_for_the_address_and_tell_nothing_of_the_account()
    {
        var account = await server.AddAccountAsync("guessed@example.org");
        await AskAsync("guessed@example.org");
        var link = Inbox.LinkIn(await _inbox.ReceiveAsync("guessed@example.org", Subject));
        using var guesser = new Browser(server, "127.0.0.77");
        var antiforgery = (await guesser.GetAsync(link))
            .ReadForms()[0]
            .Controls.Single(control => control.Name == "__RequestVerificationToken")
            .Value;

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 7; i++)
        {
            var answer = await guesser.PostAsync(
                $"account/reset?id={account.Id}&token=guess{i}",
                ("Password", NewPassword),
                ("__RequestVerificationToken", antiforgery)
            );
            answers.Add(answer.Status);
        }

        Assert.Equal(5, answers.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        await guesser.SignInAsync("guessed@example.org");
        Assert.True(await guesser.IsSignedInAsync());
    }

    [Fact]
    [Trait("Requirement", "C-54")]
    public async Task A_reset_and_the_sign_in_after_it_work_while_strangers_attack_the_account()
    {
        await server.AddAccountAsync("attacked@example.org");
        await AskAsync("attacked@example.org");
        var link = Inbox.LinkIn(await _inbox.ReceiveAsync("attacked@example.org", Subject));
        using var stranger = new Browser(server);
        for (var i = 0; i < 6; i++)
        {
            await stranger.SignInAsync("attacked@example.org", $"Wrong-Horse-{i}-Battery");
        }

        var set = await SetAsync(link);
        await _browser.SignInAsync("attacked@example.org", NewPassword);

        Assert.Equal(HttpStatusCode.Redirect, set.Status);
        Assert.True(await _browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Letters_of_one_kind_do_not_use_up_those_of_another()
    {
        await server.AddAccountAsync("flooded@example.org");
        for (var i = 0; i < 6; i++)
        {
            await _browser.RegisterAsync("flooded@example.org");
        }

        await AskAsync("flooded@example.org");

        await _inbox.ReceiveAsync("flooded@example.org", Subject);
    }

    [Fact]
    public async Task A_password_that_breaks_a_rule_uses_up_nothing()
    {
        await server.AddAccountAsync("weak@example.org");
        await AskAsync("weak@example.org");
        var link = Inbox.LinkIn(await _inbox.ReceiveAsync("weak@example.org", Subject));

        var weak = await SetAsync(link, "weak");
        var strong = await SetAsync(link);

        Assert.Contains("Use at least 12 characters.", weak.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, strong.Status);
    }

    private async Task<Page> AskAsync(string email) =>
        await _browser.PressAsync(
            await _browser.GetAsync("account/forgot"),
            "Send the letter",
            ("Email", email)
        );

    private async Task<Page> SetAsync(string link, string password = NewPassword) =>
        await _browser.PressAsync(await _browser.GetAsync(link), "Set the password", ("Password", password));
}

/// <summary>Apart from the others, because it moves the clock.</summary>
public class ResetLaterTests(RecoveringServer server) : IClassFixture<RecoveringServer>
{
    [Fact]
    [Trait("Requirement", "C-63")]
    public async Task The_link_works_for_30_minutes()
    {
        using var browser = new Browser(server);
        await server.AddAccountAsync("slow@example.org");
        await browser.PressAsync(
            await browser.GetAsync("account/forgot"),
            "Send the letter",
            ("Email", "slow@example.org")
        );
        var link = Inbox.LinkIn(
            await new Inbox(server).ReceiveAsync("slow@example.org", "Choose a new password")
        );

        server.Clock.Advance(TimeSpan.FromMinutes(29));
        var inTime = await browser.GetAsync(link);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        var late = await browser.PressAsync(
            inTime,
            "Set the password",
            ("Password", "Another-Horse-8-Battery")
        );

        Assert.Single(inTime.ReadForms());
        Assert.Contains("no longer valid", late.Html, StringComparison.Ordinal);
    }
}
