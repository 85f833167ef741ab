using AuthServer.Audit;
using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Accounts.External;

[Trait("Requirement", "C-86")]
public sealed class FederationAuditTests(GoogleServer server) : IClassFixture<GoogleServer>, IDisposable
{
    private readonly Browser _browser = new(server);

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Every_event_is_told_once_where_it_happens()
    {
        await server.AddAccountAsync("told@example.org");
        var person = GooglePerson.New("told@example.org");
        server.Google.Person = person;

        await TellsAsync(
            () => _browser.SignInWithGoogleAsync(),
            "federation.link_refused -: the address has an account, which must be proved"
        );
        var page = await _browser.FollowAsync(
            await _browser.SignInAsync(
                "told@example.org",
                url: "account/login?returnUrl=%2Faccount%2Fexternal%2Fconnect"
            )
        );
        await TellsAsync(() => _browser.PressAsync(page, "Connect"), "federation.linked +: google");
        using var other = new Browser(server);
        await TellsAsync(() => other.SignInWithGoogleAsync(), "federation.login +: ", "session.start +: ");
        await TellsAsync(
            async () => await _browser.PressAsync(await _browser.GetAsync("account/logins"), "Disconnect"),
            "federation.unlinked +: ",
            "session.killed +: login disconnected"
        );
        await TellsAsync(
            () => other.GetAsync("account/external/google?code=x&state=y"),
            "federation.login -: the answer does not belong to this browser, or was used before"
        );
    }

    private async Task TellsAsync(Func<Task> act, params string[] expected)
    {
        var keeper = server.Services.GetRequiredService<AuditKeeper>();
        await keeper.PassAsync(isLast: false, CancellationToken.None);
        var last = await server.WithDbAsync(db => db.Audit.MaxAsync(row => row.Id));
        await act();
        await keeper.PassAsync(isLast: false, CancellationToken.None);

        var rows = await server.WithDbAsync(db =>
            db.Audit.AsNoTracking().Where(row => row.Id > last).OrderBy(row => row.Id).ToListAsync()
        );
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            rows.Select(row => $"{row.Event} {(row.Succeeded ? '+' : '-')}: {row.Reason}")
                .Order(StringComparer.Ordinal)
        );
    }
}
