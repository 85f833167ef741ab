using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Edge;

/// <summary>Ways to write a path so that one parser sees another one: none of them opens what is closed.</summary>
public class PathTests(Server server) : IClassFixture<Server>
{
    public static TheoryData<string> Tricks =>
        [
            "connect/userinfo;x",
            "connect/userinfo;.css",
            "connect/userinfo/",
            "connect/userinfo.",
            "connect//userinfo",
            "/connect/userinfo",
            "connect/./userinfo",
            "connect/%2e/userinfo",
            "connect/x/../userinfo",
            "connect/x/%2e%2e/userinfo",
            "connect/x/..%2fuserinfo",
            "connect%2fuserinfo",
            "connect/%75serinfo",
            "connect/%2575serinfo",
            "CONNECT/UserInfo",
            "connect\\userinfo",
            "connect%5cuserinfo",
            "connect/userinfo%20",
            "connect/userinfo%00",
            "connect/userinfo%0a",
            "connect/userinfo?.css",
            "connect/userinfo#x",
            "site.css/../connect/userinfo",
            "site.css/..;/connect/userinfo",
            "health/live/../../connect/userinfo",
            ".well-known/../connect/userinfo",
            "api/../connect/userinfo",
        ];

    [Theory]
    [Trait("Requirement", "C-85")]
    [MemberData(nameof(Tricks))]
    public async Task A_protected_path_in_disguise_stays_protected(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);

        Assert.True(
            answer.StatusCode
                is HttpStatusCode.Unauthorized
                    or HttpStatusCode.NotFound
                    or HttpStatusCode.BadRequest,
            $"{path} answered {answer.StatusCode}"
        );
        Assert.DoesNotContain("\"sub\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Requirement", "C-85")]
    [InlineData("X-HTTP-Method-Override")]
    [InlineData("X-HTTP-Method")]
    [InlineData("X-Method-Override")]
    public async Task A_header_does_not_change_the_method(string header)
    {
        var body =
            $"{{\"email\":\"override{Guid.NewGuid():N}@example.org\",\"password\":\"{People.Password}\",\"name\":\"Ada\"}}";
        using var request = new HttpRequestMessage(HttpMethod.Put, "api/account/register?_method=POST");
        request.Headers.Add(header, "POST");
        request.Content = new StringContent(body, null, "application/json");

        using var answer = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Theory]
    [Trait("Requirement", "C-85")]
    [InlineData("connect/authorize")]
    [InlineData("CONNECT/Authorize")]
    [InlineData("connect/%61uthorize")]
    [InlineData("connect/authorize/")]
    [InlineData("account/login/../../connect/authorize")]
    [InlineData("account/%2e%2e/connect/authorize")]
    [InlineData("connect/authorize;x")]
    public async Task The_guard_of_parameters_is_not_walked_around(string path)
    {
        var query = RelyingParty.Spa(server).AuthorizeUrl().Split('?')[1];

        using var answer = await SendAsync(HttpMethod.Get, $"{path}?{query}&ui_locales=en&ui_locales=de");

        Assert.True((int)answer.StatusCode is 400 or 404, $"{path} answered {answer.StatusCode}");
        Assert.Null(answer.Headers.Location);
    }

    // As written: the Uri of .NET would tidy what is being tested.
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string target)
    {
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(method, new Uri(server.Address + target, options));
        return await server.Http.SendAsync(request);
    }
}
