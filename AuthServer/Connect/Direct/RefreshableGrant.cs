using System.Collections.Immutable;
using System.Security.Claims;
using AuthServer.Connect.Engine;
using AuthServer.Data.Statements;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>What a refresh token that was never used stands for, as of now.</summary>
/// <param name="Sealed">What was sealed behind it; but for name and times, the same goes behind the next one.</param>
/// <param name="FamilyId">What it ends with.</param>
/// <param name="Owner">Whom it speaks for.</param>
/// <param name="Scopes">What the person granted, and the client still may have.</param>
internal sealed record RefreshableGrant(
    ClaimsPrincipal Sealed,
    string FamilyId,
    FamilyOwner Owner,
    ImmutableArray<string> Scopes
)
{
    /// <summary>What the client said when it sent the person here; null when it said nothing.</summary>
    public string? Nonce => Sealed.GetClaim(Claims.Private.Nonce);

    /// <summary>Null when it is not for this client, no longer good, or less than it was.</summary>
    public static RefreshableGrant? Of(
        PresentedToken token,
        KnownClient client,
        IReadOnlyList<EncryptingCredentials> keys,
        DateTimeOffset now
    )
    {
        if (
            token
                is not {
                    Type: TokenTypeIdentifiers.RefreshToken,
                    Status: Statuses.Valid,
                    FamilyId: { } familyId,
                    Payload: { } payload,
                    Owner: { } owner
                }
            || !(token.ExpiresAt > now.UtcDateTime)
            || owner.Account.LockoutEnd > now
            || SealedClaims.Open(payload, token.Id, keys) is not { } claims
            || !claims.HasPresenter(client.Id)
        )
        {
            return null;
        }

        var scopes = claims.GetScopes();
        return scopes.Contains(OpenIddictConstants.Scopes.OfflineAccess) && scopes.All(client.Scopes.Contains)
            ? new RefreshableGrant(claims, familyId, owner, scopes)
            : null;
    }

    /// <summary>The row of the refresh token that comes after it.</summary>
    /// <param name="value">What the client gets.</param>
    /// <param name="client">Whom it is given to.</param>
    /// <param name="key">Seals what stands behind it.</param>
    /// <param name="now">UTC.</param>
    /// <param name="end">UTC; how long it is good.</param>
    public NewToken Successor(string value, KnownClient client, SecurityKey key, DateTime now, DateTime end)
    {
        var id = Guid.NewGuid().ToString();
        Sealed.SetTokenId(id).SetCreationDate(new(now)).SetExpirationDate(new(end));
        return new NewToken
        {
            Id = id,
            ApplicationId = client.Row.Id,
            FamilyId = FamilyId,
            CreatedAt = now,
            ExpiresAt = end,
            Subject = Owner.Account.Id,
            Type = TokenTypeIdentifiers.RefreshToken,
            Payload = SealedClaims.Seal(Sealed, id, key),
            ReferenceId = PresentedTokens.ReferenceOf(value),
        };
    }
}
