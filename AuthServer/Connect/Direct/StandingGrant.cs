using System.Collections.Immutable;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Connect.Engine;
using AuthServer.Data;
using AuthServer.Data.Statements;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>What a code or a refresh token that was never used stands for, as of now.</summary>
/// <param name="TokenId">Its row.</param>
/// <param name="Sealed">What was sealed behind it; but for name, kind and times, the same goes behind the refresh token that follows.</param>
/// <param name="FamilyId">What it ends with.</param>
/// <param name="Owner">Whom it speaks for.</param>
/// <param name="Scopes">What the person granted, and the client still may have.</param>
internal sealed record StandingGrant(
    string TokenId,
    ClaimsPrincipal Sealed,
    string FamilyId,
    FamilyOwner Owner,
    ImmutableArray<string> Scopes
)
{
    // What a code is bound to, and nothing that comes after it.
    private static readonly string[] OfCode =
    [
        Claims.Private.RedirectUri,
        Claims.Private.CodeChallenge,
        Claims.Private.CodeChallengeMethod,
    ];

    /// <summary>What the client said when it sent the person here; null when it said nothing.</summary>
    public string? Nonce => Sealed.GetClaim(Claims.Private.Nonce);

    /// <summary>Whether it goes on without the person (OpenID Connect Core §11).</summary>
    public bool IsOffline => Scopes.Contains(OpenIddictConstants.Scopes.OfflineAccess);

    /// <summary>Null when it is another kind of token, not for this client, no longer good, or less than it was.</summary>
    public static StandingGrant? Of(
        PresentedToken token,
        string type,
        KnownClient client,
        IReadOnlyList<EncryptingCredentials> keys,
        DateTimeOffset now
    )
    {
        if (
            token
                is not {
                    Status: Statuses.Valid,
                    FamilyId: { } familyId,
                    Payload: { } payload,
                    Owner: { } owner
                }
            || token.Type != type
            || !(token.ExpiresAt > now.UtcDateTime)
            || owner.Account.LockoutEnd > now
            || SealedClaims.Open(payload, token.Id, keys) is not { } claims
            || !claims.HasPresenter(client.Id)
        )
        {
            return null;
        }

        var scopes = claims.GetScopes();
        return scopes.All(client.Scopes.Contains)
            ? new StandingGrant(token.Id, claims, familyId, owner, scopes)
            : null;
    }

    /// <summary>Whether a code was given to this address (RFC 6749 §4.1.3), for the challenge of this verifier (RFC 7636 §4.6).</summary>
    public bool IsBoundTo(string redirectUri, string verifier) =>
        Sealed.GetClaim(Claims.Private.RedirectUri) == redirectUri
        && Sealed.GetClaim(Claims.Private.CodeChallengeMethod) == CodeChallengeMethods.Sha256
        && Sealed.GetClaim(Claims.Private.CodeChallenge) is { } challenge
        && RequireSoundPkce.IsVerifier(verifier)
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(challenge),
            Encoding.ASCII.GetBytes(
                Base64UrlTextEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))
            )
        );

    /// <summary>The row of the refresh token that comes after it.</summary>
    /// <param name="value">What the client gets.</param>
    /// <param name="client">Whom it is given to.</param>
    /// <param name="key">Seals what stands behind it.</param>
    /// <param name="now">UTC.</param>
    /// <param name="end">UTC; how long it is good.</param>
    public NewToken RefreshToken(
        string value,
        KnownClient client,
        SecurityKey key,
        DateTime now,
        DateTime end
    )
    {
        var id = RowId.Next();
        foreach (var name in OfCode)
        {
            Sealed.RemoveClaims(name);
        }

        Sealed
            .SetTokenType(TokenTypeIdentifiers.RefreshToken)
            .SetTokenId(id)
            .SetCreationDate(new(now))
            .SetExpirationDate(new(end));
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
