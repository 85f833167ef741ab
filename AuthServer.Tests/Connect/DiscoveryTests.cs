using System.Net;
using System.Text.Json;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Connect;

[Trait("Requirement", "C-42")]
public class DiscoveryTests(Server server) : IClassFixture<Server>
{
    private const string OpenId = ".well-known/openid-configuration";
    private const string OAuth = ".well-known/oauth-authorization-server";
    private const string Keys = ".well-known/jwks";

    public static TheoryData<string> Documents => [OpenId, OAuth, Keys];

    [Fact]
    public async Task The_keys_have_no_private_part_and_say_what_they_are_for()
    {
        var keys = (await GetAsync(Keys)).Json.GetProperty("keys").EnumerateArray().ToList();

        foreach (var key in keys)
        {
            var names = key.EnumerateObject().Select(member => member.Name).ToList();
            Assert.Empty(names.Intersect(["d", "p", "q", "dp", "dq", "qi", "oth", "k", "x5c"]));
            Assert.Equal("sig", key.GetProperty("use").GetString());
            Assert.NotEmpty(key.GetProperty("kid").GetString()!);
        }

        Assert.Equal(keys.Count, keys.Select(key => key.GetProperty("kid").GetString()).Distinct().Count());
        var rsa = Assert.Single(keys, key => key.GetProperty("alg").GetString() == "RS256");
        var ec = Assert.Single(keys, key => key.GetProperty("alg").GetString() == "ES256");
        Assert.True(WebEncoders.Base64UrlDecode(rsa.GetProperty("n").GetString()!).Length >= 384);
        Assert.Equal("P-256", ec.GetProperty("crv").GetString());
    }

    [Fact]
    public async Task Both_documents_say_the_same()
    {
        var openId = await GetAsync(OpenId);
        var oauth = await GetAsync(OAuth);

        Assert.True(JsonElement.DeepEquals(openId.Json, oauth.Json));
    }

    [Fact]
    public async Task It_says_what_the_server_can_do_and_nothing_more()
    {
        var metadata = (await GetAsync(OpenId)).Json;

        Assert.Equal("code", List(metadata, "response_types_supported"));
        Assert.Equal(
            "authorization_code client_credentials refresh_token",
            List(metadata, "grant_types_supported")
        );
        Assert.Equal("S256", List(metadata, "code_challenge_methods_supported"));
        Assert.Equal("public", List(metadata, "subject_types_supported"));
        Assert.Equal(
            "email offline_access openid orders.read orders.write profile",
            List(metadata, "scopes_supported")
        );
        Assert.Equal("ES256 RS256", List(metadata, "id_token_signing_alg_values_supported"));
        Assert.Equal(
            "client_secret_basic client_secret_post none",
            List(metadata, "token_endpoint_auth_methods_supported")
        );
        Assert.Equal(
            "client_secret_basic client_secret_post",
            List(metadata, "introspection_endpoint_auth_methods_supported")
        );
        Assert.Equal(
            "client_secret_basic client_secret_post none",
            List(metadata, "revocation_endpoint_auth_methods_supported")
        );
        Assert.True(metadata.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.False(metadata.GetProperty("request_parameter_supported").GetBoolean());
        Assert.False(metadata.GetProperty("claims_parameter_supported").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Every_URL_is_that_of_the_issuer_whatever_the_request_says(string path)
    {
        var plain = await GetAsync(path);
        var strange = await GetAsync(
            path,
            ("Host", "evil.example"),
            ("X-Forwarded-Host", "evil.example"),
            ("X-Forwarded-Proto", "https"),
            ("X-Original-Host", "evil.example"),
            ("Forwarded", "host=evil.example;proto=https")
        );

        Assert.Equal(HttpStatusCode.OK, strange.Status);
        Assert.True(JsonElement.DeepEquals(plain.Json, strange.Json));
        Assert.DoesNotContain("evil", strange.Json.GetRawText(), StringComparison.Ordinal);
        foreach (var member in plain.Json.EnumerateObject().Where(member => member.Name != "keys"))
        {
            if (member.Value.ValueKind == JsonValueKind.String)
            {
                Assert.StartsWith(
                    server.Address.ToString(),
                    member.Value.GetString(),
                    StringComparison.Ordinal
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task It_may_be_kept_for_a_while_by_anybody(string path)
    {
        var answer = await GetAsync(path);

        Assert.True(answer.Headers.CacheControl!.Public);
        Assert.InRange(
            answer.Headers.CacheControl.MaxAge!.Value,
            TimeSpan.FromMinutes(5),
            TimeSpan.FromHours(24)
        );
        Assert.False(answer.Headers.CacheControl.NoStore);
        Assert.False(answer.Headers.ETag!.IsWeak);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal(answer.Headers.ETag, (await GetAsync(path)).Headers.ETag);
    }

    [Theory]
    [InlineData("{0}", true)]
    [InlineData("W/{0}", true)]
    [InlineData("\"other\", {0}", true)]
    [InlineData("\"other\",W/\"another\" ,  W/{0}", true)]
    [InlineData("*", true)]
    [InlineData("\"other\"", false)]
    [InlineData("W/\"other\", \"another\"", false)]
    [InlineData("garbage", false)]
    [InlineData("\"", false)]
    public async Task Who_has_it_already_is_told_so(string form, bool knows)
    {
        foreach (var path in (string[])[OpenId, OAuth, Keys])
        {
            var etag = (await GetAsync(path)).Headers.ETag!.ToString();

            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                using var request = new HttpRequestMessage(method, path);
                request.Headers.TryAddWithoutValidation(
                    "If-None-Match",
                    form.Replace("{0}", etag, StringComparison.Ordinal)
                );
                using var answer = await server.Http.SendAsync(request);

                Assert.Equal(knows ? HttpStatusCode.NotModified : HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal(etag, answer.Headers.ETag!.ToString());
                Assert.NotNull(answer.Headers.CacheControl?.MaxAge);
                var body = await answer.Content.ReadAsStringAsync();
                Assert.Equal(knows || method == HttpMethod.Head, body.Length == 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Its_head_can_be_asked_for_alone(string path)
    {
        using var full = await server.Http.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(full.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(full.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task It_can_only_be_read(string path)
    {
        foreach (var method in (string[])["POST", "PUT", "DELETE", "PATCH"])
        {
            var answer = await server.SendAsync(new HttpMethod(method), path, body: []);

            Refused.InForm(answer);
            Assert.Null(answer.Headers.ETag);
        }
    }

    private async Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await RelyingParty.Spa(server).SendAsync(request);
    }

    private static string List(JsonElement metadata, string name) =>
        string.Join(
            ' ',
            metadata
                .GetProperty(name)
                .EnumerateArray()
                .Select(entry => entry.GetString())
                .Order(StringComparer.Ordinal)
        );
}
