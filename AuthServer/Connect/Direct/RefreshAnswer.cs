using AuthServer.Audit;
using AuthServer.Connect.Engine;
using AuthServer.Data;
using AuthServer.Data.Statements;
using AuthServer.Limits;
using AuthServer.Sessions;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>
/// Turns a refresh token that was never used into its successor (RFC 6749 §6), in the one write that uses it up. One that was
/// used before, be it by a request that came at the same time, is for the engine to judge.
/// </summary>
internal sealed class RefreshAnswer(
    KnownClients clients,
    Rotation rotation,
    TokenWriter tokens,
    Quotas quotas,
    IStatements database,
    ConnectMeter meter,
    IOptionsMonitor<OpenIddictServerOptions> engine,
    IOptions<TokensOptions> options,
    TimeProvider clock
)
{
    /// <summary>True when it has been answered.</summary>
    public async ValueTask<bool> TryAsync(HttpContext http)
    {
        var cancellation = http.RequestAborted;
        // The engine may have to know it, after we have waited for our turn to write.
        http.Features.Set(new Arrived(clock.GetTimestamp()));
        if (
            PlainRequest.Of(http.Request, Parameters.GrantType, Parameters.RefreshToken) is not { } request
            || PlainRequest.FieldOf(http.Request, Parameters.RefreshToken) is not { } value
            || await clients.FindAsync(http, request, Permissions.GrantTypes.RefreshToken) is not { } client
            || await database.FirstAsync(
                TokenRows.ByReference(PresentedTokens.ReferenceOf(value)),
                TokenRows.Read,
                cancellation
            )
                is not { } token
        )
        {
            return false;
        }

        var keys = engine.CurrentValue.EncryptionCredentials;
        var now = clock.GetUtcNow();
        if (
            RefreshableGrant.Of(token, client, keys, now) is not { } grant
            || AbsoluteEnd(grant) <= now.UtcDateTime
        )
        {
            return false;
        }

        if (!await IsWithinQuotaAsync(http, request, grant))
        {
            return true;
        }

        var audit = http.RequestServices.GetRequiredService<AuditLog>();
        audit.Present(value);
        var next = rotation.SuccessorOf(value, grant.FamilyId);
        // Signed before anything is used up.
        var answer = await AnswerAsync(http, client, grant, next);
        var sliding = now.UtcDateTime + options.Value.RefreshTokenLifetime;
        var end = sliding < AbsoluteEnd(grant) ? sliding : AbsoluteEnd(grant);
        var issue = new Issue(database, audit, clock)
        {
            // Known as used as long as the last access token of the family is good.
            Use = new TokenUse(token.Id, AbsoluteEnd(grant) + options.Value.AccessTokenLifetime),
        };
        issue.Add(grant.Successor(next, client, keys[0].Key, now.UtcDateTime, end));
        issue.Tell(Told(audit, client, grant));
        if (!await issue.TryWriteAsync(cancellation))
        {
            return false;
        }

        meter.Issued(GrantTypes.RefreshToken, isRetry: false);
        await answer.SendAsync(http);
        return true;
    }

    private DateTime AbsoluteEnd(RefreshableGrant grant) =>
        grant.Owner.BeganAt + options.Value.RefreshTokenAbsoluteLifetime;

    private ValueTask<bool> IsWithinQuotaAsync(
        HttpContext http,
        PlainRequest request,
        RefreshableGrant grant
    ) =>
        request.ClientSecret is null
            ? quotas.TakeFromPersonAsync(http, grant.Owner.Account.Id)
            : quotas.TakeFromClientAsync(http, request.ClientId);

    private async Task<TokenAnswer> AnswerAsync(
        HttpContext http,
        KnownClient client,
        RefreshableGrant grant,
        string refreshToken
    )
    {
        var reach = await client.ReachAsync(grant.Scopes, http);
        var subject = grant.Owner.Account.Id;
        var accessToken = tokens.AccessToken(client, subject, grant.Scopes, reach, grant.FamilyId);
        return new TokenAnswer(accessToken, tokens.AccessTokenLifetime)
        {
            IdToken = grant.Scopes.Contains(Scopes.OpenId)
                ? tokens.IdToken(client, grant, accessToken)
                : null,
            RefreshToken = refreshToken,
            // RFC 6749 §5.1: not asked for in this request.
            Scope = string.Join(' ', grant.Scopes),
        };
    }

    private static AuditEntry Told(AuditLog audit, KnownClient client, RefreshableGrant grant) =>
        audit.Draft(
            AuditEvent.TokenRefreshed,
            accountId: grant.Owner.Account.Id,
            clientId: client.Id,
            sessionId: grant.Owner.Session.Id,
            reason: GrantTypes.RefreshToken
        );
}
