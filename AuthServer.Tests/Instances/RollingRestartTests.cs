using System.Collections.Concurrent;
using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Instances;

/// <summary>Replaces every instance while clients go on: nothing that is answered is an error, and no family is lost.</summary>
public sealed class RollingRestartTests(Cluster cluster) : IClassFixture<Cluster>
{
    private const int Families = 8;

    [ClusterFact]
    public async Task Nobody_notices_that_every_instance_is_replaced()
    {
        using var stop = new CancellationTokenSource();
        var failures = new ConcurrentQueue<string>();
        var clients = Enumerable.Range(0, Families).Select(_ => RefreshAsync(failures, stop.Token)).ToList();
        var report = RelyingParty.Report(cluster);
        clients.Add(
            AskAsync(async () => (await report.ClientCredentialsAsync()).Status, failures, stop.Token)
        );
        clients.Add(
            AskAsync(
                async () => (await cluster.Http.GetAsync(".well-known/jwks")).StatusCode,
                failures,
                stop.Token
            )
        );

        await cluster.RollAsync();
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        Assert.Empty(failures);
    }

    // One family, refreshed again and again; it must be alive at the end.
    private async Task RefreshAsync(ConcurrentQueue<string> failures, CancellationToken stop)
    {
        using var browser = cluster.NewBrowser();
        await browser.SignInAsync(await cluster.NewPersonAsync());
        var tokens = await cluster.Spa.SignInAsync(browser);
        await AskAsync(
            async () =>
            {
                var answer = await cluster.Spa.RefreshAsync(tokens["refresh_token"]);
                tokens = answer.Status is HttpStatusCode.OK ? answer : tokens;
                return answer.Status;
            },
            failures,
            stop
        );
    }

    private static async Task AskAsync(
        Func<Task<HttpStatusCode>> ask,
        ConcurrentQueue<string> failures,
        CancellationToken stop
    )
    {
        do
        {
            try
            {
                var status = await ask();
                if (status is not HttpStatusCode.OK)
                {
                    failures.Enqueue(status.ToString());
                }
            }
            catch (HttpRequestException)
            {
                // nginx closes the connections of the worker that it replaces. A client asks again, with the same token.
            }

            await Task.Delay(50, CancellationToken.None);
        } while (!stop.IsCancellationRequested);
    }
}
