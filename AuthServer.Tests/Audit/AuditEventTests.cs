using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Edge;
using AuthServer.Sessions;
using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Core;

namespace AuthServer.Tests.Audit;

[Trait("Requirement", "C-86")]
public class AuditEventTests(AuditedServer server) : IClassFixture<AuditedServer>
{
    // Told by what keeps attackers out, before there is a trail or beside it.
    private static readonly AuditEvent[] Elsewhere =
    [
        AuditEvent.RateLimited,
        AuditEvent.HeaderSpoofed,
        AuditEvent.RateLimitDegraded,
        AuditEvent.RateLimitRestored,
        AuditEvent.UnsafeStartRefused,
        // As the keys turn, which KeyStoreTests watch.
        AuditEvent.KeyRotated,
        AuditEvent.KeyRevoked,
        AuditEvent.KeyRemoved,
        // By verbs, which KeyVerbTests, MasterKeyRotationTests and DataCopyTests watch.
        AuditEvent.DataCopied,
        AuditEvent.KeysResealed,
        AuditEvent.RingRevoked,
        // By sign-in with others, whose tests have a server of their own.
        AuditEvent.FederationLogin,
        AuditEvent.FederationLinked,
        AuditEvent.FederationUnlinked,
        AuditEvent.FederationLinkRefused,
        // At the end of the process, which VerifyTests watch.
        AuditEvent.ServerStopping,
    ];

    private readonly RelyingParty _spa = RelyingParty.Spa(server);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    [Fact]
    public async Task Every_event_of_the_list_is_told_once_where_it_happens()
    {
        await server.Keeper.PassAsync(isLast: false, CancellationToken.None);
        var start = await server.WithDbAsync(db =>
            db.Audit.OrderBy(row => row.Id).Take(14).Select(row => row.Event).ToListAsync()
        );
        Assert.Equal("migration", start[0]);
        Assert.Equal(3, start.Count(name => name == "key.created"));
        Assert.Equal(7, start.Count(name => name == "config.clients_changed"));
        Assert.Single(start, name => name == "server.started");
        _seen.UnionWith(start);

        var email = "";
        await TellsAsync(async () => email = await server.NewPersonAsync("Ada"), "user.registered +");
        using var browser = new Browser(server);
        await TellsAsync(() => browser.SignInAsync(email, "Wrong-Horse-7-Battery"), "auth.login -");
        await TellsAsync(() => browser.SignInAsync(email), "auth.login +", "session.start +");
        await TellsAsync(
            () => browser.SignInAsync(email),
            "auth.login +",
            "session.start +",
            "session.end +"
        );

        Answer tokens = null!;
        await TellsAsync(async () => tokens = await _spa.SignInAsync(browser), "token.issued +");
        await TellsAsync(
            async () => tokens = await _spa.RefreshAsync(tokens["refresh_token"]),
            "token.refreshed +"
        );
        await TellsAsync(
            () => RelyingParty.OrdersApi(server).IntrospectAsync(tokens["access_token"]),
            "token.introspected +"
        );
        await TellsAsync(() => _spa.RevokeAsync(tokens["access_token"]), "token.revoked +");
        await TellsAsync(
            async () =>
            {
                var code = await _spa.AuthorizeAsync(browser);
                await _spa.RedeemAsync(code);
                await _spa.RedeemAsync(code);
            },
            "token.issued +",
            "code.replayed +"
        );

        tokens = await _spa.SignInAsync(browser);
        var used = tokens["refresh_token"];
        await _spa.RefreshAsync(used);
        server.Clock.Advance(TimeSpan.FromSeconds(11));
        await TellsAsync(() => _spa.RefreshAsync(used), "refresh.reuse_detected +");
        await TellsAsync(() => _spa.RefreshAsync(used), "token.refreshed -");
        await TellsAsync(() => _spa.RedeemAsync("nonsense"), "token.issued -");

        var partner = RelyingParty.Partner(server);
        await TellsAsync(() => (partner with { Secret = "wrong" }).RefreshAsync("x"), "client.auth_failed -");
        await TellsAsync(
            async () => await browser.PressAsync(await browser.AskAsync(partner), "Do not allow"),
            "consent.denied +"
        );
        await TellsAsync(
            async () => await browser.AllowAsync(await browser.AskAsync(partner)),
            "consent.granted +"
        );

        await TellsAsync(() => server.Http.GetAsync("account/login?x=%00"), "input.rejected -");
        await TellsAsync(
            () => browser.GetAsync("account/confirm?id=nobody&token=nothing"),
            "user.confirmed -"
        );
        var letter = await new Inbox(server).ReceiveAsync(email, "Confirm your address");
        var good = await browser.GetAsync(Inbox.LinkIn(letter));
        await TellsAsync(
            () => browser.PressAsync(good, "Confirm and sign in", ("Password", People.Password)),
            "auth.login +",
            "user.confirmed +",
            "session.start +",
            "session.end +"
        );
        await TellsOfOwnAccountAsync(browser, partner, email);
        await TellsAsync(() => browser.SignOutAsync(), "auth.logout +", "session.end +");
        await browser.SignInAsync("new-home@example.org");
        await TellsAsync(() => KillSessionsAsync("new-home@example.org"), "session.killed +");
        await browser.SignInAsync("new-home@example.org");
        await TellsAsync(
            async () =>
                await browser.PressAsync(
                    await browser.GetAsync("account/delete"),
                    "Delete the account",
                    ("sure", "true")
                ),
            "user.deleted +"
        );
        await TellsAsync(FailToLogAsync, "audit.sink_failed -");

        Assert.Equal(
            AuditEvent.All.Except(Elsewhere).Select(what => what.Name).Order(StringComparer.Ordinal),
            _seen.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_row_tells_who_what_when_where_and_how_it_came_out_and_the_line_the_same()
    {
        using var browser = await server.SignedInAsync();
        var code = await _spa.AuthorizeAsync(browser);
        Answer tokens = null!;

        var row = Assert.Single(await server.RowsOfAsync(async () => tokens = await _spa.RedeemAsync(code)));

        Assert.Equal(Jwt.Payload(tokens["id_token"])["sub"]!.ToString(), row.AccountId);
        Assert.Equal(Jwt.Payload(tokens["id_token"])["sid"]!.ToString(), row.SessionId);
        Assert.Equal("shop-spa", row.ClientId);
        Assert.Equal("authorization_code", row.Reason);
        Assert.Contains(row.Address, (string[])["127.0.0.1", "::1"]);
        Assert.InRange(server.Clock.GetUtcNow().UtcDateTime - row.At, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.Equal(8, row.TokenHash!.Length);
        Assert.Equal(32, row.TraceId!.Length);

        var line = Assert.Single(
            server.Lines,
            line => (string?)line.GetValueOrDefault("event.id") == row.EventId.ToString()
        );
        Assert.Equal("token.issued", line["event.action"]);
        Assert.Equal("authentication", line["event.category"]);
        Assert.Equal("success", line["event.outcome"]);
        Assert.Equal(row.AccountId, line["user.id"]);
        Assert.Equal("shop-spa", line["client.id"]);
        Assert.Equal(row.Address, line["source.ip"]);
        Assert.Equal(row.TraceId, line["trace.id"]);
        Assert.Equal(16, ((string)line["session.id"]!).Length);
        Assert.DoesNotContain(row.SessionId!, line.Values.OfType<string>());
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_kept_as_a_keyed_hash_only()
    {
        using var browser = new Browser(server);

        var rows = await server.RowsOfAsync(async () =>
        {
            await browser.SignInAsync("Typed-Password-7-By-Mistake");
            await browser.SignInAsync("typed-password-7-by-mistake ");
        });

        Assert.Equal(2, rows.Count);
        Assert.Equal(rows[0].NameHash, rows[1].NameHash);
        Assert.Equal(32, rows[0].NameHash!.Length);
        Assert.DoesNotContain(
            server.Lines.SelectMany(line => line.Values),
            value => $"{value}".Contains("Typed-Password", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task What_was_rolled_back_is_not_told_as_if_it_had_happened()
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        var audit = scope.ServiceProvider.GetRequiredService<AuditLog>();

        await using (await db.Database.BeginTransactionAsync())
        {
            audit.Record(AuditEvent.KeyCreated, reason: "rolled back");
            await db.SaveChangesAsync();
        }

        db.ChangeTracker.Clear();
        audit.Record(AuditEvent.KeyCreated, reason: "saved alone");
        await db.SaveChangesAsync();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            audit.Record(AuditEvent.KeyCreated, reason: "committed");
            await db.SaveChangesAsync();
            Assert.DoesNotContain("committed", Reasons());
            await transaction.CommitAsync();
        }

        Assert.Equal(["saved alone", "committed"], Reasons().TakeLast(2));
        Assert.DoesNotContain("rolled back", Reasons());

        IEnumerable<string?> Reasons() =>
            server.Lines.Select(line => (string?)line.GetValueOrDefault("event.reason"));
    }

    private async Task TellsAsync(Func<Task> act, params string[] events)
    {
        // What is noted is told once a minute for each kind.
        server.Clock.Advance(TimeSpan.FromSeconds(61));
        await server.Keeper.PassAsync(isLast: false, CancellationToken.None);
        var rows = await server.RowsOfAsync(act);

        Assert.Equal(
            events.Order(StringComparer.Ordinal),
            rows.Select(row => $"{row.Event} {(row.Succeeded ? '+' : '-')}").Order(StringComparer.Ordinal)
        );
        Assert.All(rows, row => Assert.Equal(1, row.Count));
        _seen.UnionWith(rows.Select(row => row.Event));
    }

    private async Task TellsOfOwnAccountAsync(Browser browser, RelyingParty partner, string email)
    {
        await TellsAsync(
            async () => await browser.PressAsync(await browser.GetAsync("account/apps"), "Take away"),
            "consent.revoked +"
        );
        await browser.SignInAsync(email);
        await TellsAsync(
            async () =>
                await browser.PressAsync(await browser.GetAsync("account"), "Save", ("Name", "Ada Byron")),
            "user.updated +"
        );
        await TellsAsync(
            async () => await browser.PressAsync(await browser.GetAsync("account/data"), "Download"),
            "user.exported +"
        );
        await TellsAsync(
            async () =>
                await browser.PressAsync(
                    await browser.GetAsync("account/password"),
                    "Set the password",
                    ("Password", People.Password)
                ),
            "user.password_changed +",
            "session.killed +",
            "session.start +"
        );
        await TellsAsync(
            async () =>
                await browser.PressAsync(
                    await browser.GetAsync("account/email"),
                    "Send the letter",
                    ("Email", "moved@example.org")
                ),
            "user.email_change_requested +"
        );
        await TellsAsync(
            async () =>
                await browser.PressAsync(
                    await browser.GetAsync("account/forgot"),
                    "Send the letter",
                    ("Email", email)
                ),
            "user.password_reset_requested +"
        );
        var inbox = new Inbox(server);
        var reset = Inbox.LinkIn(await inbox.ReceiveAsync(email, "Choose a new password"));
        await TellsAsync(
            async () =>
                await browser.PressAsync(
                    await browser.GetAsync(reset),
                    "Set the password",
                    ("Password", People.Password)
                ),
            "user.password_reset +",
            "session.killed +"
        );
        await browser.SignInAsync(email);
        await browser.PressAsync(
            await browser.GetAsync("account/email"),
            "Send the letter",
            ("Email", "new-home@example.org")
        );
        var move = Inbox.LinkIn(await inbox.ReceiveAsync("new-home@example.org", "Confirm your new address"));
        await TellsAsync(
            async () => await browser.PressAsync(await browser.GetAsync(move), "Use this address"),
            "user.email_changed +",
            "session.killed +",
            "session.start +"
        );
    }

    private async Task KillSessionsAsync(string email)
    {
        var account = await server.WithDbAsync(db => db.Users.SingleAsync(user => user.Email == email));
        await using var scope = server.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<SessionRegistry>()
            .EndAllAsync(account.Id, "by an operator", exceptSessionId: null, CancellationToken.None);
    }

    private Task FailToLogAsync()
    {
        server
            .Services.GetRequiredService<LogFailures>()
            .OnLoggingFailed(this, LoggingFailureKind.Permanent, "", events: null, new IOException());
        return Task.CompletedTask;
    }
}
