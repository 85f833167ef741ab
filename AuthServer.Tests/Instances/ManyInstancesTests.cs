using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Instances;

/// <summary>Whichever instance answers, it is one server.</summary>
public sealed class ManyInstancesTests(Cluster cluster) : IClassFixture<Cluster>
{
    [ClusterFact]
    public async Task A_person_signs_in_and_an_application_lives_on_whichever_instance_answers()
    {
        using var browser = cluster.NewBrowser();
        var email = await cluster.NewPersonAsync();
        // Each request of a flow goes to the other instance than the one before it.
        var signedIn = await browser.SignInAsync(email);
        var tokens = await cluster.Spa.SignInAsync(browser);
        for (var i = 0; i < 6; i++)
        {
            tokens = await cluster.Spa.RefreshAsync(tokens["refresh_token"]);
            Assert.Equal(HttpStatusCode.OK, tokens.Status);
            Assert.Equal(HttpStatusCode.OK, (await cluster.Spa.UserInfoAsync(tokens["access_token"])).Status);
        }

        Assert.Contains("__Host-session", browser.Cookies.Keys);
        await browser.SignOutAsync();
        var after = await cluster.Spa.RefreshAsync(tokens["refresh_token"]);

        Assert.Equal(HttpStatusCode.Redirect, signedIn.Status);
        Assert.Equal("invalid_grant", after["error"]);
        Assert.Equal(2, Instances().Count());
    }

    [ClusterFact]
    public async Task A_code_is_good_once_at_all_instances_together()
    {
        using var browser = cluster.NewBrowser();
        await browser.SignInAsync(await cluster.NewPersonAsync());
        var code = await cluster.Spa.AuthorizeAsync(browser);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => cluster.Spa.RedeemAsync(code)));

        Assert.True(answers.Count(answer => answer.Status is HttpStatusCode.OK) <= 1);
        Assert.All(
            answers.Where(answer => answer.Status is not HttpStatusCode.OK),
            answer => Assert.Equal("invalid_grant", answer["error"])
        );
    }

    [ClusterFact]
    public async Task Fifty_refreshes_of_one_token_at_once_give_one_successor_whichever_instance_answers()
    {
        using var browser = cluster.NewBrowser();
        await browser.SignInAsync(await cluster.NewPersonAsync());
        var tokens = await cluster.Spa.SignInAsync(browser);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => cluster.Spa.RefreshAsync(tokens["refresh_token"]))
        );

        // On a machine that is busy with other work, a few may have waited too long for their turn.
        var given = answers.Where(answer => answer.Status is not HttpStatusCode.ServiceUnavailable).ToList();
        Assert.All(given, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(given.Select(answer => answer["refresh_token"]).Distinct());
        var next = await cluster.Spa.RefreshAsync(given[0]["refresh_token"]);
        Assert.Equal(HttpStatusCode.OK, next.Status);
    }

    [ClusterFact]
    public async Task Failed_sign_ins_are_counted_together()
    {
        var email = await cluster.NewPersonAsync();
        var answers = new List<HttpStatusCode>();
        using var browser = cluster.NewBrowser();
        for (var i = 0; i < 6; i++)
        {
            answers.Add((await browser.SignInAsync(email, "Wrong-Horse-7-Battery")).Status);
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, 5), HttpStatusCode.TooManyRequests], answers);
    }

    private IEnumerable<string> Instances() =>
        cluster
            .Passed.Split('\n')
            .Select(line => line.Split(' ')[0])
            .Where(name => name.Length > 0)
            .Distinct();
}
