using System.Net;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Connect;

[Trait("Requirement", "C-28")]
public class RevocationTests(FailingServer server) : IClassFixture<FailingServer>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Theory]
    [InlineData(null)]
    [InlineData("refresh_token")]
    [InlineData("access_token")]
    [InlineData("something_else")]
    public async Task A_refresh_token_ends_its_family_whatever_the_hint_says(string? hint)
    {
        var tokens = await SignInAsync();

        var answer = await _spa.RevokeAsync(tokens["refresh_token"], ("token_type_hint", hint));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("invalid_grant", (await _spa.RefreshAsync(tokens["refresh_token"]))["error"]);
        Assert.False(await server.IsActiveAsync(tokens["access_token"]));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _spa.UserInfoAsync(tokens["access_token"])).Status);
    }

    [Fact]
    public async Task A_rotated_refresh_token_ends_its_family_too()
    {
        var first = await SignInAsync();
        var second = await _spa.RefreshAsync(first["refresh_token"]);

        var answer = await _spa.RevokeAsync(first["refresh_token"]);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("invalid_grant", (await _spa.RefreshAsync(second["refresh_token"]))["error"]);
        Assert.False(await server.IsActiveAsync(second["access_token"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    public async Task An_access_token_ends_alone(string? hint)
    {
        var first = await SignInAsync();
        var second = await _spa.RefreshAsync(first["refresh_token"]);

        var answer = await _spa.RevokeAsync(first["access_token"], ("token_type_hint", hint));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.False(await server.IsActiveAsync(first["access_token"]));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _spa.UserInfoAsync(first["access_token"])).Status);
        Assert.True(await server.IsActiveAsync(second["access_token"]));
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(second["refresh_token"])).Status);
    }

    [Fact]
    public async Task A_token_of_a_client_that_acts_for_itself_can_be_revoked()
    {
        var report = RelyingParty.Report(server);
        var token = (await report.ClientCredentialsAsync())["access_token"];

        var answer = await report.RevokeAsync(token);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.False(await server.IsActiveAsync(token));
    }

    [Fact]
    public async Task It_can_be_said_twice_and_is_recorded_once()
    {
        var tokens = await SignInAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => _spa.RevokeAsync(tokens["refresh_token"]))
        );
        var later = await _spa.RevokeAsync(tokens["refresh_token"]);
        var access = await _spa.RevokeAsync(tokens["access_token"]);

        Assert.All(
            answers.Append(later).Append(access),
            answer => Assert.Equal(HttpStatusCode.OK, answer.Status)
        );
        var sid = Jwt.Payload(tokens["id_token"])["sid"]!.ToString();
        Assert.Equal(
            1,
            await server.WithDbAsync(db =>
                db.Audit.CountAsync(entry => entry.Event == "token.revoked" && entry.SessionId == sid)
            )
        );
    }

    [Theory]
    [InlineData("x")]
    [InlineData("e30.e30.e30")]
    [InlineData("a.b.c.d.e")]
    [InlineData("....")]
    [InlineData("' OR 1=1 --")]
    [InlineData("\u2028 ünïcödé \ud83d\ude00")]
    public async Task A_token_that_nobody_knows_is_no_error(string token)
    {
        var answer = await _spa.RevokeAsync(token);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.False(answer.Has("error"));
    }

    [Fact]
    public async Task An_expired_token_is_no_error()
    {
        var tokens = await SignInAsync();
        server.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.OK, (await _spa.RevokeAsync(tokens["access_token"])).Status);
    }

    [Theory]
    [InlineData("refresh_token")]
    [InlineData("access_token")]
    public async Task Another_client_is_refused_and_told_so_and_the_token_lives(string kind)
    {
        var tokens = await SignInAsync();

        var byPartner = await RelyingParty.Partner(server).RevokeAsync(tokens[kind]);
        var byMobile = await RelyingParty.Mobile(server).RevokeAsync(tokens[kind]);
        var byApi = await RelyingParty.OrdersApi(server).RevokeAsync(tokens[kind]);

        Refused.As(byPartner, HttpStatusCode.BadRequest, "invalid_grant");
        Refused.As(byMobile, HttpStatusCode.BadRequest, "invalid_grant");
        Refused.As(byApi, HttpStatusCode.BadRequest, "unauthorized_client");
        Assert.True(await server.IsActiveAsync(tokens["access_token"]));
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(tokens["refresh_token"])).Status);
    }

    [Fact]
    public async Task Another_client_cannot_end_a_family_by_a_rotated_token_either()
    {
        var first = await SignInAsync();
        var second = await _spa.RefreshAsync(first["refresh_token"]);

        var answer = await RelyingParty.Partner(server).RevokeAsync(first["refresh_token"]);

        Refused.As(answer, HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(second["refresh_token"])).Status);
    }

    [Fact]
    public async Task An_ID_token_and_a_code_are_not_of_a_kind_that_can_be_revoked()
    {
        var browser = await server.SignedInAsync();
        var tokens = await _spa.SignInAsync(browser);
        var code = await _spa.AuthorizeAsync(browser);

        var ofIdToken = await _spa.RevokeAsync(tokens["id_token"]);
        var ofCode = await _spa.RevokeAsync(code);

        Refused.As(ofIdToken, HttpStatusCode.BadRequest, "unsupported_token_type");
        Refused.As(ofCode, HttpStatusCode.BadRequest, "unsupported_token_type");
        Assert.Equal(HttpStatusCode.OK, (await _spa.RefreshAsync(tokens["refresh_token"])).Status);
        Assert.Equal(HttpStatusCode.OK, (await _spa.RedeemAsync(code)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("token=")]
    [InlineData("token_type_hint=refresh_token")]
    public async Task A_request_without_a_token_is_refused(string body)
    {
        var answer = await server.PostAsync("connect/revoke", $"{body}&client_id=shop-spa");

        Refused.As(answer, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory]
    [InlineData("refresh_token", "UPDATE \"OpenIddictAuthorizations\"")]
    [InlineData("refresh_token", "INSERT INTO \"Audit\"")]
    [InlineData("refresh_token", Failpoint.Commit)]
    [InlineData("access_token", "INSERT INTO \"OpenIddictTokens\"")]
    [InlineData("access_token", Failpoint.Commit)]
    public async Task What_could_not_be_stored_is_not_confirmed(string kind, string statement)
    {
        var tokens = await SignInAsync();

        server.Failpoint.Fail(0, statement);
        var failed = await _spa.RevokeAsync(tokens[kind]);

        Assert.True(server.Failpoint.HasSprung);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.Status);
        Assert.Equal("temporarily_unavailable", failed["error"]);
        Assert.NotNull(failed.Headers.RetryAfter);
        Assert.True(await server.IsActiveAsync(tokens["access_token"]));
        Assert.Equal(HttpStatusCode.OK, (await _spa.RevokeAsync(tokens[kind])).Status);
        Assert.False(await server.IsActiveAsync(tokens["access_token"]));
    }

    private async Task<Answer> SignInAsync() => await _spa.SignInAsync(await server.SignedInAsync());
}
