using System.Net;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Edge;

/// <summary>A server whose tables are gone: what it says about that to the outside.</summary>
public sealed class BrokenDatabaseTests : IAsyncLifetime
{
    private readonly Server _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    [Trait("Requirement", "C-88")]
    public async Task Nothing_internal_is_shown_whatever_breaks_behind()
    {
        using var browser = await _server.SignedInAsync();
        var client = RelyingParty.Partner(_server);
        using var form = new FormUrlEncodedContent([new("token", "x")]);
        var login = await browser.GetAsync("account/login");
        await BreakAsync();

        Page[] pages =
        [
            await browser.GetAsync(client.AuthorizeUrl()),
            await browser.GetAsync("account/login"),
            await browser.GetAsync("connect/consent"),
            await browser.GetAsync("connect/logout"),
        ];
        Answer[] answers =
        [
            await RelyingParty.Report(_server).ClientCredentialsAsync(),
            await client.RefreshAsync("x"),
            await client.IntrospectAsync("x"),
            await client.RevokeAsync("x"),
            await client.PushAsync(),
        ];

        Assert.Equal(HttpStatusCode.OK, login.Status);
        Assert.All(pages, page => AssertSilent(page.Status, page.Html));
        Assert.All(answers, answer => AssertSilent(answer.Status, answer.Json.GetRawText()));
        Assert.All(answers, answer => Assert.Equal("temporarily_unavailable", answer["error"]));
        Assert.All(answers, answer => Assert.NotNull(answer.Headers.RetryAfter));
    }

    private static void AssertSilent(HttpStatusCode status, string text)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        string[] inside =
        [
            "sqlite",
            "no such table",
            "   at ",
            "exception",
            "microsoft",
            "openiddict",
            "test.db",
            ".cs:",
        ];
        Assert.All(inside, word => Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase));
    }

    private Task<int> BreakAsync() =>
        _server.WithDbAsync(async db =>
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys = OFF");
            var tables = db
                .Model.GetEntityTypes()
                .Select(type => type.GetTableName()!)
                .Distinct(StringComparer.Ordinal)
                .ToList();
            foreach (var table in tables)
            {
                await db.Database.ExecuteSqlRawAsync($"ALTER TABLE \"{table}\" RENAME TO \"{table}Gone\"");
            }

            return tables.Count;
        });
}
