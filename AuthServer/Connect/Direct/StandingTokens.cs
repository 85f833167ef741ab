using System.Collections.Immutable;
using AuthServer.Connect.Engine;
using AuthServer.Data.Statements;
using Microsoft.IdentityModel.JsonWebTokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>Access tokens that the engine has verified before, and whether they still stand.</summary>
internal sealed class StandingTokens(
    VerifiedTokens verified,
    IStatements database,
    KnownClients clients,
    TimeProvider clock
)
{
    /// <summary>Null for one that was not seen before, and for one that is good no more: the engine says why.</summary>
    public async ValueTask<StandingToken?> FindAsync(string value, CancellationToken cancellation)
    {
        if (
            verified.Find(value) is not { } seen
            || seen.Result
                is not { TokenType: JsonWebTokenTypes.AccessToken, SecurityToken: JsonWebToken jwt }
            || !IsDue(jwt)
            || Text(jwt, Claims.Private.TokenId) is not { } id
        )
        {
            return null;
        }

        var familyId = Text(jwt, Claims.Private.AuthorizationId);
        var row = await database.FirstAsync(
            TokenRows.OfAccessToken(id, familyId),
            TokenRows.Read,
            cancellation
        );
        if (row is not { Status: Statuses.Valid })
        {
            return null;
        }

        var stands = familyId is null
            ? Text(jwt, Claims.ClientId) is { } client && clients.Has(client)
            : row.Owner is { } owner && !(owner.Account.LockoutEnd > clock.GetUtcNow());
        return stands
            ? new StandingToken(seen, row.Owner, [.. (Text(jwt, Claims.Scope) ?? "").Split(' ')])
            : null;
    }

    private bool IsDue(JsonWebToken jwt)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return jwt.IssuedAt <= now && now < jwt.ValidTo;
    }

    private static string? Text(JsonWebToken jwt, string name) =>
        jwt.TryGetPayloadValue<string>(name, out var value) && value.Length > 0 ? value : null;
}

/// <summary>An access token that is good now.</summary>
/// <param name="Seen">What is remembered of it.</param>
/// <param name="Owner">Whose it is; null for a client's own.</param>
/// <param name="Scopes">What it allows.</param>
internal sealed record StandingToken(
    VerifiedTokens.Verified Seen,
    FamilyOwner? Owner,
    ImmutableArray<string> Scopes
);
