using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Edge;

/// <summary>Every endpoint that the server has: it is closed to whoever is not signed in, unless it stands here.</summary>
public class RouteTests(Server server) : IClassFixture<Server>
{
    private static readonly string[] OpenPages =
    [
        "/",
        "/account/check-mail",
        "/account/confirm",
        "/account/external",
        "/account/external/connect",
        "/account/external/mailbox",
        "/account/external/next",
        "/account/external/start",
        "/account/forgot",
        "/account/login",
        "/account/logout",
        "/account/register",
        "/account/reset",
        "/api/account/register",
        "/connect/signed-out",
    ];

    // Who may call these is a question of clients and tokens.
    private static readonly string[] OfTheProtocol =
    [
        "/connect/authorize",
        "/connect/logout",
        "/connect/token",
        "/connect/userinfo",
    ];

    [Fact]
    [Trait("Requirement", "C-84")]
    public async Task What_is_not_listed_as_open_sends_a_stranger_to_the_sign_in()
    {
        var closed = (await RoutesAsync()).Except(
            [.. OpenPages, .. OfTheProtocol],
            StringComparer.OrdinalIgnoreCase
        );

        Assert.All(
            await Task.WhenAll(
                closed.SelectMany(path => new[] { AskAsync("GET", path), AskAsync("POST", path) })
            ),
            answer =>
                Assert.Equal(
                    $"{answer.Request} leads to /account/login",
                    $"{answer.Request} {answer.Outcome}"
                )
        );
        Assert.Contains("/account/sessions", closed);
    }

    [Fact]
    [Trait("Requirement", "C-84")]
    public async Task What_is_listed_as_open_is_there()
    {
        var routes = await RoutesAsync();

        Assert.Empty(OpenPages.Concat(OfTheProtocol).Except(routes, StringComparer.OrdinalIgnoreCase));
    }

    private async Task<(string Request, string Outcome)> AskAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await server.Http.SendAsync(request);
        return (
            $"{method} {path}",
            answer.StatusCode == HttpStatusCode.Redirect
                ? $"leads to {new Uri(server.Address, answer.Headers.Location!).AbsolutePath}"
                : $"is answered with {(int)answer.StatusCode}"
        );
    }

    // Without files and health, which tell nobody anything.
    private async Task<List<string>> RoutesAsync() =>
        [
            .. (await Routes.AllAsync(server))
                .Select(endpoint => $"/{endpoint.RoutePattern.RawText?.Trim('/')}")
                .Where(path => !path.Contains('.', StringComparison.Ordinal))
                .Where(path => !path.StartsWith("/health/", StringComparison.Ordinal))
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];
}
