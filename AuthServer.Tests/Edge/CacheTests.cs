using AuthServer.Tests.Support;

namespace AuthServer.Tests.Edge;

/// <summary>What a cache between us and the world may keep, and what nobody may put into it.</summary>
public class CacheTests(Server server) : IClassFixture<Server>
{
    [Theory]
    [Trait("Requirement", "C-73")]
    [InlineData(".well-known/openid-configuration")]
    [InlineData(".well-known/oauth-authorization-server")]
    [InlineData(".well-known/jwks")]
    [InlineData("site.css")]
    [InlineData("favicon.svg")]
    public async Task No_header_changes_an_answer_that_a_cache_may_keep(string path)
    {
        (string Name, string Value)[] probes =
        [
            ("Host", "evil.example"),
            ("X-Forwarded-Host", "evil.example"),
            ("X-Forwarded-Proto", "evil"),
            ("X-Forwarded-Scheme", "nothttps"),
            ("X-Forwarded-Port", "1337"),
            ("X-Forwarded-For", "203.0.113.7"),
            ("X-Forwarded-Prefix", "/evil"),
            ("X-Original-URL", "/evil"),
            ("X-Rewrite-URL", "/evil"),
            ("X-HTTP-Method-Override", "POST"),
            ("X-Host", "evil.example"),
            ("Forwarded", "host=evil.example"),
            ("Accept", "application/json"),
            ("Accept-Language", "de"),
            ("Authorization", "Bearer x"),
            ("Cookie", "session=x; csrf=x"),
            ("User-Agent", "<script>"),
            ("Content-Type", "text/evil"),
        ];
        var plain = await ReadAsync(path, ("X-Nothing", "x"));

        foreach (var probe in probes)
        {
            Assert.Equal(plain, await ReadAsync(path, probe));
        }
    }

    [Theory]
    [Trait("Requirement", "C-73")]
    [InlineData("account/login")]
    [InlineData("account/register")]
    [InlineData("account/logout")]
    [InlineData("account/confirm?id=x&token=y")]
    [InlineData("connect/authorize")]
    [InlineData("connect/consent")]
    [InlineData("connect/userinfo")]
    [InlineData("connect/token")]
    [InlineData("connect/logout")]
    [InlineData("connect/signed-out")]
    [InlineData("health/ready")]
    public async Task What_is_about_one_person_is_not_stored(string path)
    {
        using var answer = await server.Http.GetAsync(path);

        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    [Trait("Requirement", "C-73")]
    public async Task Tokens_are_not_stored()
    {
        var answer = await RelyingParty.Report(server).ClientCredentialsAsync();

        Assert.True(answer.Has("access_token"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    // All that a cache keeps; the date is the answer's own.
    private async Task<string> ReadAsync(string path, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value))
        {
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        using var answer = await server.Http.SendAsync(request);
        var headers = answer
            .Headers.Concat(answer.Content.Headers)
            .Where(one => one.Key != "Date")
            .Select(one => $"{one.Key}: {string.Join(',', one.Value)}");
        var body = await answer.Content.ReadAsStringAsync();
        return $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{body}";
    }
}
