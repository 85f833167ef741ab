using AuthServer.Audit;
using AuthServer.Connect.Engine;
using AuthServer.Data;
using AuthServer.Data.Statements;
using AuthServer.Limits;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>
/// Gives tokens for a code or a refresh token that was never used, in the one write that uses it up. One that was used
/// before, be it by a request that came at the same time, is for the engine to judge.
/// </summary>
internal sealed class Exchange(
    TokenWriter tokens,
    Quotas quotas,
    IStatements database,
    ConnectMeter meter,
    IOptionsMonitor<OpenIddictServerOptions> engine,
    IOptions<TokensOptions> options,
    TimeProvider clock
)
{
    /// <summary>What the token of this value stands for, if it is good for this client now.</summary>
    /// <param name="value">As the client has it.</param>
    /// <param name="type">What it must be, in the engine's words.</param>
    /// <param name="client">Who shows it.</param>
    /// <param name="cancellation">Nothing has happened.</param>
    public async ValueTask<StandingGrant?> FindAsync(
        string value,
        string type,
        KnownClient client,
        CancellationToken cancellation
    )
    {
        var row = await database.FirstAsync(
            TokenRows.ByReference(PresentedTokens.ReferenceOf(value)),
            TokenRows.Read,
            cancellation
        );
        var now = clock.GetUtcNow();
        return
            row is not null
            && StandingGrant.Of(row, type, client, engine.CurrentValue.EncryptionCredentials, now)
                is { } grant
            && AbsoluteEnd(grant) > now.UtcDateTime
            ? grant
            : null;
    }

    /// <summary>Known as used as long as the last access token that its family can give is good.</summary>
    public DateTime EndOfFamily(StandingGrant grant) =>
        AbsoluteEnd(grant) + options.Value.AccessTokenLifetime;

    /// <summary>Known as used as long as the access token that it gives is good.</summary>
    public DateTime EndOfAccess() => clock.GetUtcNow().UtcDateTime + options.Value.AccessTokenLifetime;

    /// <summary>True when it has been answered; false, and nothing has happened, when somebody else has used it up.</summary>
    public async ValueTask<bool> TryAsync(HttpContext http, Presented presented)
    {
        if (!await IsWithinQuotaAsync(http, presented))
        {
            return true;
        }

        var audit = http.RequestServices.GetRequiredService<AuditLog>();
        audit.Present(presented.Value);
        // Signed before anything is used up.
        var answer = await AnswerAsync(http, presented);
        var issue = new Issue(database, audit, clock)
        {
            Use = new TokenUse(presented.Grant.TokenId, presented.KeepUntil),
        };
        if (presented.RefreshToken is { } next)
        {
            issue.Add(RefreshTokenOf(presented, next));
        }

        issue.Tell(Told(audit, presented));
        if (!await issue.TryWriteAsync(http.RequestAborted))
        {
            return false;
        }

        meter.Issued(presented.GrantType, isRetry: false);
        await answer.SendAsync(http);
        return true;
    }

    private DateTime AbsoluteEnd(StandingGrant grant) =>
        grant.Owner.BeganAt + options.Value.RefreshTokenAbsoluteLifetime;

    private ValueTask<bool> IsWithinQuotaAsync(HttpContext http, Presented presented) =>
        presented.Request.ClientSecret is null
            ? quotas.TakeFromPersonAsync(http, presented.Grant.Owner.Account.Id)
            : quotas.TakeFromClientAsync(http, presented.Client.Id);

    private async Task<TokenAnswer> AnswerAsync(HttpContext http, Presented presented)
    {
        var (client, grant) = (presented.Client, presented.Grant);
        var reach = await client.ReachAsync(grant.Scopes, http);
        var subject = grant.Owner.Account.Id;
        var accessToken = tokens.AccessToken(client, subject, grant.Scopes, reach, grant.FamilyId);
        return new TokenAnswer(accessToken, tokens.AccessTokenLifetime)
        {
            IdToken = grant.Scopes.Contains(Scopes.OpenId)
                ? tokens.IdToken(client, grant, accessToken)
                : null,
            RefreshToken = presented.RefreshToken,
            // RFC 6749 §5.1: not asked for in this request.
            Scope = string.Join(' ', grant.Scopes),
        };
    }

    // Sliding, up to the absolute end.
    private NewToken RefreshTokenOf(Presented presented, string value)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var (sliding, last) = (now + options.Value.RefreshTokenLifetime, AbsoluteEnd(presented.Grant));
        var key = engine.CurrentValue.EncryptionCredentials[0].Key;
        return presented.Grant.RefreshToken(
            value,
            presented.Client,
            key,
            now,
            sliding < last ? sliding : last
        );
    }

    private static AuditEntry Told(AuditLog audit, Presented presented) =>
        audit.Draft(
            presented.GrantType == GrantTypes.RefreshToken
                ? AuditEvent.TokenRefreshed
                : AuditEvent.TokenIssued,
            accountId: presented.Grant.Owner.Account.Id,
            clientId: presented.Client.Id,
            sessionId: presented.Grant.Owner.Session.Id,
            reason: presented.GrantType
        );
}

/// <summary>A code or a refresh token that a client shows, to be used up.</summary>
/// <param name="GrantType">What it is shown as.</param>
/// <param name="Request">What came with it.</param>
/// <param name="Client">Who shows it.</param>
/// <param name="Value">As the client has it.</param>
/// <param name="Grant">What it stands for.</param>
internal sealed record Presented(
    string GrantType,
    PlainRequest Request,
    KnownClient Client,
    string Value,
    StandingGrant Grant
)
{
    /// <summary>The value of the refresh token that comes after it; null for none.</summary>
    public required string? RefreshToken { get; init; }

    /// <summary>UTC; until then a second use is known for what it is.</summary>
    public required DateTime KeepUntil { get; init; }
}
