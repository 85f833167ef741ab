using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthServer.Audit;
using AuthServer.Tests.Accounts;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static AuthServer.Tests.Limits.Guesses;

namespace AuthServer.Tests.Limits;

public sealed class SignInLimitTests : IAsyncLifetime
{
    private const string Owner = "owner@example.org";

    private readonly GuessServer _server = new();

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        await _server.AddAccountAsync(Owner);
    }

    public async Task DisposeAsync()
    {
        _server.Hasher.Release();
        await _server.DisposeAsync();
    }

    [Fact]
    [Trait("Requirement", "C-53")]
    public async Task Fifty_guesses_at_once_are_five_comparisons_and_the_right_one_is_too_late()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _server.GuessAsync(Owner)));

        Assert.Equal(5, _server.Hasher.Compared);
        Assert.Equal(45, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
        var right = await _server.GuessAsync(Owner, Right);
        Assert.Equal(HttpStatusCode.TooManyRequests, right.Status);
        Assert.Equal(5, _server.Hasher.Compared);
    }

    [Fact]
    [Trait("Requirement", "C-53")]
    public async Task The_right_password_among_guesses_at_once_is_refused_while_five_are_being_compared()
    {
        _server.Hasher.Hold();
        var first = Enumerable.Range(0, 5).Select(_ => _server.GuessAsync(Owner)).ToList();
        await _server.Hasher.BeganAsync(5);

        var late = await Task.WhenAll(
            Enumerable.Range(0, 45).Select(i => _server.GuessAsync(Owner, i == 40 ? Right : Wrong))
        );

        Assert.All(late, answer => Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status));
        Assert.Equal(5, _server.Hasher.Compared);
        _server.Hasher.Release();
        Assert.All(await Task.WhenAll(first), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Fact]
    [Trait("Requirement", "C-58")]
    public async Task Known_unknown_and_no_accounts_at_all_are_refused_alike()
    {
        string[] all = [Owner, "unknown@example.org", "not an address"];
        foreach (var email in all)
        {
            await _server.FailAsync(5, email);
        }

        var compared = _server.Hasher.Compared;
        var answers = new List<Page>();
        foreach (var email in all)
        {
            answers.Add(await _server.GuessAsync(email, Right));
        }

        Assert.Equal(compared, _server.Hasher.Compared);
        Assert.Single(answers.Select(Comparable).Distinct());
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status));
    }

    [Fact]
    [Trait("Requirement", "C-58")]
    public async Task A_refusal_says_when_to_come_back_and_what_else_would_help()
    {
        await _server.FailAsync(5, Owner);

        var answer = await _server.GuessAsync(Owner);

        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 900);
        Assert.Contains("Wait 15 minutes, or use a browser", answer.Html, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.True(answer.Headers.Contains("Content-Security-Policy"));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    [Trait("Requirement", "C-58")]
    public async Task A_caller_that_wants_JSON_gets_problem_details()
    {
        using var browser = new Browser(_server);
        var page = await browser.GetAsync("account/login");
        var form = page.ReadForms()[^1];
        var token = form.Controls.Single(control => control.Name == "__RequestVerificationToken").Value;
        await _server.FailAsync(5, Owner);

        using var request = new HttpRequestMessage(HttpMethod.Post, "account/login");
        request.Headers.Add("Accept", "application/json");
        request.Content = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["Email"] = Owner,
                ["Password"] = Wrong,
                ["__RequestVerificationToken"] = token,
            }
        );
        var answer = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        using var problem = JsonDocument.Parse(answer.Html);
        Assert.Equal(429, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    [Trait("Requirement", "C-53")]
    public async Task What_was_right_is_given_back_and_nothing_else()
    {
        await _server.FailAsync(4, Owner);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Redirect, (await _server.GuessAsync(Owner, Right)).Status);
        }

        await _server.FailAsync(1, Owner);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _server.GuessAsync(Owner, Right)).Status);
    }

    [Fact]
    [Trait("Requirement", "C-53")]
    public async Task After_the_window_the_owner_is_let_in_again()
    {
        await _server.FailAsync(5, Owner);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _server.GuessAsync(Owner, Right)).Status);

        _server.Clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(HttpStatusCode.Redirect, (await _server.GuessAsync(Owner, Right)).Status);
    }

    [Fact]
    [Trait("Requirement", "C-54")]
    public async Task One_address_that_tries_many_accounts_is_stopped_and_others_are_not()
    {
        for (var i = 0; i < 50; i++)
        {
            // Among them what is no address at all.
            await _server.FailAsync(1, i % 2 == 0 ? $"sprayed{i}@example.org" : $"word {i}", "127.0.0.7");
        }

        Assert.Equal(
            HttpStatusCode.TooManyRequests,
            (await _server.GuessAsync(Owner, Right, "127.0.0.7")).Status
        );
        Assert.Equal(HttpStatusCode.Redirect, (await _server.GuessAsync(Owner, Right, "127.0.0.8")).Status);
    }

    [Fact]
    [Trait("Requirement", "C-53")]
    public async Task Many_addresses_that_try_one_account_have_twenty_guesses_together()
    {
        for (var i = 0; i < 4; i++)
        {
            await _server.FailAsync(5, Owner, $"127.0.0.{10 + i}");
        }

        Assert.Equal(
            HttpStatusCode.TooManyRequests,
            (await _server.GuessAsync(Owner, Right, "127.0.0.99")).Status
        );
        Assert.Equal(20, _server.Hasher.Compared);
    }

    [Fact]
    [Trait("Requirement", "C-86")]
    public async Task A_refusal_is_recorded_once_in_its_window()
    {
        await _server.FailAsync(5, Owner);
        for (var i = 0; i < 7; i++)
        {
            await _server.GuessAsync(Owner);
        }

        await _server.Services.GetRequiredService<AuditKeeper>().PassAsync(isLast: false, default);
        var rows = await _server.WithDbAsync(db =>
            db.Audit.AsNoTracking().Where(row => row.Event == "auth.ratelimited").ToListAsync()
        );

        Assert.Equal("sign_in_failures", Assert.Single(rows).Reason);
    }

    // Everything but the reference, the time and what is left of the window.
    private static string Comparable(Page page)
    {
        var headers = page.Headers.Where(header => header.Key is not ("Date" or "Retry-After"));
        var html = Regex.Replace(page.Html, "<code>[0-9a-f]{32}</code>", "", RegexOptions.NonBacktracking);
        return $"{page.Status} {page.Headers.RetryAfter is not null} {string.Join(' ', headers.Select(header => $"{header.Key}={string.Join(',', header.Value)}"))} {html}";
    }
}
