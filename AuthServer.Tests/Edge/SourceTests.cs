using System.Net;
using System.Text.RegularExpressions;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Edge;

/// <summary>What the source itself must not have, and what hostile input costs.</summary>
public class SourceTests(Server server) : IClassFixture<Server>
{
    [Fact]
    [Trait("Requirement", "C-82")]
    public void Every_regular_expression_is_linear_or_has_a_timeout()
    {
        var regex = new Regex(
            @"(new Regex\(|GeneratedRegex\(|Regex\.(IsMatch|Match|Matches|Replace|Split|Count)\(|RegularExpression\()[^;]*",
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
        );

        var endless = Repository
            .ServerSources("*.cs")
            .SelectMany(file =>
                regex.Matches(File.ReadAllText(file.FullName)).Select(match => $"{file.Name}: {match.Value}")
            )
            .Where(use =>
                !use.Contains("NonBacktracking", StringComparison.Ordinal)
                && !use.Contains("imeout", StringComparison.Ordinal)
            );

        Assert.Empty(endless);
    }

    [Fact]
    [Trait("Requirement", "C-83")]
    public void No_SQL_is_put_together_from_values()
    {
        var sql = new Regex(
            @"((FromSql|ExecuteSql|SqlQuery)Raw\w*(<\w+>)?\(\s*\$|CommandText\s*\+?=\s*\$|CommandText\s*=[^;""]*\+|(FromSql|ExecuteSql|SqlQuery)Raw\w*(<\w+>)?\([^;]*""\s*\+)",
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
        );

        var built = Repository
            .ServerSources("*.cs")
            .SelectMany(file =>
                sql.Matches(File.ReadAllText(file.FullName)).Select(match => $"{file.Name}: {match.Value}")
            );

        Assert.Empty(built);
    }

    [Theory]
    [Trait("Requirement", "C-82")]
    [InlineData("a", "@a.a")]
    [InlineData("a.", "@example.org")]
    [InlineData("a@", "")]
    [InlineData(" ", "x")]
    [InlineData("\u0301", "")]
    [InlineData("xn--", "@x.example")]
    [InlineData("(a+)+", "$")]
    public async Task A_hundred_kilobytes_of_anything_are_refused(string piece, string end)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 100_000 / piece.Length)) + end;
        var form = $"Email={Uri.EscapeDataString(text)}&Password={Uri.EscapeDataString(text)}";

        var bySignIn = await server.SendAsync(
            HttpMethod.Post,
            "account/login",
            System.Text.Encoding.UTF8.GetBytes(form)
        );
        var byApi = await server.SendAsync(
            HttpMethod.Post,
            "api/account/register",
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    email = text,
                    password = text,
                    name = text,
                }
            ),
            contentType: "application/json"
        );

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, bySignIn.Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, byApi.Status);
    }

    [Theory]
    [Trait("Requirement", "C-83")]
    [InlineData("' OR '1'='1")]
    [InlineData("'; DROP TABLE Users; --")]
    [InlineData("\" OR 1=1 --")]
    [InlineData("x' UNION SELECT sql FROM sqlite_master --")]
    [InlineData("1) OR SLEEP(5)#")]
    [InlineData("%' AND 1=randomblob(100000000) --")]
    public async Task Text_that_would_like_to_be_SQL_is_text(string text)
    {
        var client = RelyingParty.Spa(server);
        var secret = await (client with { ClientId = text, Secret = text }).ClientCredentialsAsync();
        var code = await client.RedeemAsync(text);
        var refresh = await client.RefreshAsync(text);
        var revoked = await client.RevokeAsync(text);
        using var browser = new Browser(server);
        await browser.SignInAsync(text, text);

        Assert.Equal("invalid_client", secret["error"]);
        Assert.Equal("invalid_grant", code["error"]);
        Assert.Equal("invalid_grant", refresh["error"]);
        Assert.Equal(HttpStatusCode.OK, revoked.Status);
        Assert.False(await browser.IsSignedInAsync());
    }

    // Put into SQL as they stand, these are the names that they are made of.
    [Fact]
    [Trait("Requirement", "C-83")]
    public async Task Text_that_SQL_would_put_together_is_not_put_together()
    {
        var report = RelyingParty.Report(server);
        var secret = await (report with { ClientId = "nightly-'||'report" }).ClientCredentialsAsync();
        using var browser = new Browser(server);
        await browser.SignInAsync("demo'||'@example.com");

        Assert.Equal("invalid_client", secret["error"]);
        Assert.False(await browser.IsSignedInAsync());
    }
}
