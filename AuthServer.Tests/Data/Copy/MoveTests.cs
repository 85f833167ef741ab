using System.Net;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Data.Copy;

/// <summary>From one instance on SQLite to the first of many on PostgreSQL, which nobody notices.</summary>
public sealed class MoveTests
{
    [PostgreSqlFact]
    public async Task People_and_applications_go_on_where_they_were()
    {
        await using var former = new LivedIn();
        using var folder = new Folder();
        var database = await PostgreSqlServer.NewDatabaseAsync();
        await former.LiveAsync();
        var said = await Copier.RunAsync(folder, former.File, database, former.MasterKeyFile);
        await using var server = new Moved(former, database);
        await server.InitializeAsync();
        var spa = former.Spa with { Server = server };

        Assert.Matches(@"\n +\d+  OpenIddictTokens\r?\n", said);
        Assert.Equal(former.Jwks, await server.Http.GetStringAsync(".well-known/jwks"));
        using var browser = new Browser(server);
        foreach (var (name, value) in former.Cookies)
        {
            browser.Cookies[name] = value;
        }

        Assert.True(await browser.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.OK, (await spa.RedeemAsync(former.Code)).Status);
        var refreshed = await spa.RefreshAsync(former.RefreshToken);
        refreshed = await spa.RefreshAsync(refreshed["refresh_token"]);
        Assert.Equal(HttpStatusCode.OK, refreshed.Status);

        // Consent is remembered: no page, a code.
        var partner = RelyingParty.Partner(server);
        Assert.NotEmpty(await partner.AuthorizeAsync(browser));

        // A replay is recognised, and ends its family and no other.
        server.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("invalid_grant", (await spa.RefreshAsync(former.Rotated.Used))["error"]);
        Assert.Equal("invalid_grant", (await spa.RefreshAsync(former.Rotated.Next))["error"]);
        Assert.Equal(HttpStatusCode.OK, (await spa.RefreshAsync(refreshed["refresh_token"])).Status);

        // New rows get numbers of their own, and people can be added.
        await server.SignedInAsync(await server.NewPersonAsync("Grace"));
        await AssertTrailAsync(folder, database, former.MasterKeyFile);
        var copied = await server.WithDbAsync(db =>
            db.Audit.SingleAsync(row => row.Event == "data.copied" && row.Reason!.EndsWith(" rows"))
        );
        Assert.NotNull(copied.Mac);

        server.Clock.Advance(TimeSpan.FromDays(1));
        await Patience.UntilAsync("the letter", () => Task.FromResult(HasCarried(server)));
        await PostgreSqlServer.DropAsync(database);
    }

    private static bool HasCarried(Moved server) =>
        Path.Combine(server.Folder, "mail") is var mail
        && Directory.Exists(mail)
        && Directory
            .EnumerateFiles(mail, "*.eml")
            .SelectMany(System.IO.File.ReadLines)
            .Any(line => line.StartsWith("To: queued@example.org", StringComparison.Ordinal));

    private static async Task AssertTrailAsync(Folder folder, string database, string masterKeyFile)
    {
        await using var verify = AuthServerProcess.Start(
            folder.Path,
            "audit",
            "verify",
            "--Data:Provider=PostgreSql",
            $"--Data:ConnectionString={database}",
            $"--Data:MasterKeyFile={masterKeyFile}"
        );
        var code = await verify.ExitAsync();
        Assert.Equal((0, ""), (code, verify.Error));
        Assert.Contains("rows are as the server wrote them", verify.Output, StringComparison.Ordinal);
    }

    private sealed class Moved(LivedIn former, string database) : PostgreSqlTestServer
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [
                new("Issuer", former.Address.ToString()),
                new("Data:ConnectionString", database),
                new("Data:MasterKeyFile", former.MasterKeyFile),
            ];
    }
}
