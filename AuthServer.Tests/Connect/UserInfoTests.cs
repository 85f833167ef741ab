using System.Net;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Connect;

public class UserInfoTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Theory]
    [Trait("Requirement", "C-45")]
    [InlineData("openid", "sub")]
    [InlineData("openid profile", "sub name")]
    [InlineData("openid email", "sub email email_verified")]
    [InlineData("openid profile email orders.read", "sub name email email_verified")]
    public async Task The_scopes_say_what_is_told(string scope, string claims)
    {
        var tokens = await _spa.SignInAsync(await server.SignedInAsync(), ("scope", scope));

        var answer = await _spa.UserInfoAsync(tokens["access_token"]);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(claims.Split(' '), answer.Json.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal(Jwt.Payload(tokens["id_token"])["sub"]!.ToString(), answer["sub"]);
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task The_claims_have_the_types_of_the_standard()
    {
        var tokens = await _spa.SignInAsync(await server.SignedInAsync(), ("scope", "openid profile email"));

        var answer = await _spa.UserInfoAsync(tokens["access_token"]);

        Assert.Equal("demo@example.com", answer.Json.GetProperty("email").GetString());
        Assert.True(answer.Json.GetProperty("email_verified").GetBoolean());
        Assert.Equal("Demo User", answer.Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_token_may_come_in_the_header_or_in_the_form_of_a_POST()
    {
        var token = (await _spa.SignInAsync(await server.SignedInAsync()))["access_token"];

        var byGet = await _spa.UserInfoAsync(token);
        var byForm = await server.PostAsync("connect/userinfo", $"access_token={token}");
        var byHeader = await server.PostAsync("connect/userinfo", "", $"Bearer {token}");
        var byScheme = await server.SendAsync(
            HttpMethod.Get,
            "connect/userinfo",
            authorization: $"bEaReR {token}"
        );

        foreach (var answer in (Answer[])[byForm, byHeader, byScheme])
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal(byGet["sub"], answer["sub"]);
        }
    }

    [Fact]
    public async Task A_POST_without_a_body_may_carry_the_header()
    {
        var token = (await _spa.SignInAsync(await server.SignedInAsync()))["access_token"];

        var answer = await server.SendAsync(
            HttpMethod.Post,
            "connect/userinfo",
            authorization: $"Bearer {token}"
        );

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    [Trait("Requirement", "C-45")]
    public async Task A_token_in_the_URL_is_refused()
    {
        var token = (await _spa.SignInAsync(await server.SignedInAsync()))["access_token"];

        var alone = await server.SendAsync(HttpMethod.Get, $"connect/userinfo?access_token={token}");
        var beside = await server.SendAsync(
            HttpMethod.Get,
            $"connect/userinfo?access_token={token}",
            authorization: $"Bearer {token}"
        );

        Refused.As(alone, HttpStatusCode.BadRequest, "invalid_request");
        Refused.As(beside, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    [Trait("Requirement", "C-08")]
    public async Task A_token_in_two_places_is_refused()
    {
        var token = (await _spa.SignInAsync(await server.SignedInAsync()))["access_token"];

        var answer = await server.PostAsync("connect/userinfo", $"access_token={token}", $"Bearer {token}");

        Refused.As(answer, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic eDp5")]
    public async Task Who_brings_no_token_is_asked_for_one_and_told_of_no_error(string? authorization)
    {
        var answer = await server.SendAsync(HttpMethod.Get, "connect/userinfo", authorization: authorization);

        Refused.As(answer, HttpStatusCode.Unauthorized, "invalid_token");
        var challenge = Assert.Single(answer.Headers.WwwAuthenticate);
        Assert.Equal(("Bearer", "realm=\"AuthServer\""), (challenge.Scheme, challenge.Parameter));
    }

    [Theory]
    [InlineData("Bearer x")]
    [InlineData("Bearer  x")]
    [InlineData("Bearer e30.e30.e30")]
    [InlineData("Bearer x y")]
    [InlineData("Bearer ,")]
    public async Task A_bad_token_is_told_so_in_the_words_of_RFC_6750(string authorization)
    {
        var answer = await server.SendAsync(HttpMethod.Get, "connect/userinfo", authorization: authorization);

        Refused.As(answer, HttpStatusCode.Unauthorized, "invalid_token");
        var challenge = Assert.Single(answer.Headers.WwwAuthenticate);
        Assert.Equal("Bearer", challenge.Scheme);
        Assert.Contains("realm=\"AuthServer\"", challenge.Parameter, StringComparison.Ordinal);
        Assert.Contains("error=\"invalid_token\"", challenge.Parameter, StringComparison.Ordinal);
        Assert.DoesNotContain("error_uri", challenge.Parameter, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-36")]
    public async Task The_token_of_a_client_that_acts_for_itself_speaks_for_nobody()
    {
        var token = (await RelyingParty.Report(server).ClientCredentialsAsync())["access_token"];

        Refused.As(await _spa.UserInfoAsync(token), HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    public async Task Without_openid_there_is_nothing_to_know()
    {
        var tokens = await _spa.SignInAsync(await server.SignedInAsync(), ("scope", "orders.read"));

        var answer = await _spa.UserInfoAsync(tokens["access_token"]);

        Refused.As(answer, HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.Contains(
            "error=\"insufficient_scope\"",
            Assert.Single(answer.Headers.WwwAuthenticate).Parameter,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "C-25")]
    public async Task Nobody_is_told_of_an_account_that_is_deleted_or_disabled(bool isDeleted)
    {
        var email = await server.NewPersonAsync("Going Away");
        var tokens = await _spa.SignInAsync(await server.SignedInAsync(email));

        await server.WithDbAsync(db =>
        {
            var account = db.Users.Where(account => account.Email == email);
            return isDeleted
                ? account.ExecuteDeleteAsync()
                : account.ExecuteUpdateAsync(set => set.SetProperty(a => a.DisabledAt, DateTime.UnixEpoch));
        });

        Refused.As(
            await _spa.UserInfoAsync(tokens["access_token"]),
            HttpStatusCode.Unauthorized,
            "invalid_token"
        );
    }
}
