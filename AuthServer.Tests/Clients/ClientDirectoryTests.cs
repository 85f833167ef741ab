using System.Net;
using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Clients;

/// <summary>Clients are kept in memory; what is changed about them holds all the same.</summary>
public class ClientDirectoryTests(Server server) : IClassFixture<Server>
{
    private const string NewSecret = "another-nightly-report-secret-2f6a0c1e97358d4b";

    private readonly RelyingParty _report = RelyingParty.Report(server);

    [Fact]
    [Trait("Requirement", "C-19")]
    public async Task A_secret_that_was_good_is_good_no_more_once_it_has_changed()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await _report.ClientCredentialsAsync()).Status);
        }

        await server.ChangeClientAsync("nightly-report", client => client.ClientSecret = NewSecret);

        Refused.AsClient(await _report.ClientCredentialsAsync());
        var renewed = _report with { Secret = NewSecret };
        Assert.Equal(HttpStatusCode.OK, (await renewed.ClientCredentialsAsync()).Status);
        Refused.AsClient(await _report.ClientCredentialsAsync());
    }

    [Fact]
    public async Task What_another_instance_changes_is_noticed_in_a_moment()
    {
        var spa = RelyingParty.Spa(server);
        var first = await spa.SignInAsync(await server.SignedInAsync());
        await server.WithDbAsync(db =>
            db.Applications.Where(client => client.ClientId == "shop-spa")
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(client => client.ConcurrencyToken, "changed elsewhere")
                        .SetProperty(
                            client => client.Permissions,
                            client => client.Permissions!.Replace("gt:refresh_token", "gt:none")
                        )
                )
        );

        Answer? answer = null;
        await Patience.UntilAsync(
            "the refusal",
            async () =>
            {
                answer = await spa.RefreshAsync(first["refresh_token"]);
                return answer.Status != HttpStatusCode.OK;
            }
        );
        Assert.Equal("unauthorized_client", answer!["error"]);
    }
}
