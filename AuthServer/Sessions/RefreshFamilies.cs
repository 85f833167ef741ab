using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Sessions;

/// <summary>What a family hangs on.</summary>
/// <param name="Account">Whose it is, as of now.</param>
/// <param name="Session">The sign-in it came from.</param>
/// <param name="BeganAt">UTC; the absolute lifetime counts from here.</param>
internal sealed record FamilyOwner(Account Account, Session Session, DateTime BeganAt);

/// <summary>
/// Families of tokens: everything that came from one authorization. A token that may be used once is used by
/// one conditional update inside the caller's transaction, which also holds what it gives, so that a crash
/// leaves both or neither.
/// </summary>
internal sealed class RefreshFamilies(
    AuthDb db,
    AuditLog audit,
    ServerSecrets secrets,
    Outages outages,
    TimeProvider clock
)
{
    /// <summary>
    /// The value of the only successor that <paramref name="value"/> can have in its family. It is derived, not
    /// stored, so that a retry is answered with the same successor (256 bits, HMAC-SHA-256).
    /// </summary>
    public string SuccessorOf(string value, string familyId) =>
        Base64UrlTextEncoder.Encode(
            HMACSHA256.HashData(
                secrets.Get(ServerSecrets.RefreshRotation),
                Encoding.UTF8.GetBytes($"{familyId}\n{value}")
            )
        );

    /// <summary>
    /// Whose family it is; null when the family has ended, or when what it hangs on has: the session signed out,
    /// the account deleted, disabled, locked or its security stamp moved. One query.
    /// </summary>
    public async Task<FamilyOwner?> FindOwnerAsync(string familyId, CancellationToken cancellation)
    {
        var owner = await db
            .Authorizations.AsNoTracking()
            .Where(family => family.Id == familyId && family.Status == Statuses.Valid)
            .Join(
                db.Sessions.Where(session => session.EndedAt == null),
                family => family.SessionId,
                session => session.Id,
                (family, session) => new { family.CreationDate, Session = session }
            )
            .Where(row => row.Session.Account!.DisabledAt == null)
            .Where(row => row.Session.Account!.SecurityStamp == row.Session.SecurityStamp)
            .Select(row => new FamilyOwner(row.Session.Account!, row.Session, row.CreationDate!.Value))
            .FirstOrDefaultAsync(cancellation);
        return owner?.Account.LockoutEnd > clock.GetUtcNow() ? null : owner;
    }

    /// <summary>Begins a family for what one authorization gives, hung on the session that it happened in.</summary>
    public async Task<string> BeginAsync(
        string applicationId,
        SignIn signIn,
        IEnumerable<string> scopes,
        CancellationToken cancellation
    )
    {
        var family = new Authorization
        {
            Application = await db.Applications.FindAsync([applicationId], cancellation),
            CreationDate = clock.GetUtcNow().UtcDateTime,
            Scopes = JsonSerializer.Serialize(scopes),
            SessionId = signIn.SessionId,
            Status = Statuses.Valid,
            Subject = signIn.AccountId,
            Type = AuthorizationTypes.AdHoc,
        };
        db.Authorizations.Add(family);
        await db.SaveChangesAsync(cancellation);
        return family.Id!;
    }

    /// <summary>
    /// Whether a used token may still be a retry; <see cref="RedeemAsync"/> decides. What counts is when the request
    /// arrived: it must not be held against a client that it waited in our queue, nor that a database which hung kept
    /// the first answer from it. When it was used is told by the clock of the database.
    /// </summary>
    public async Task<bool> IsWithinGraceAsync(
        DateTime? redeemedAt,
        Arrived arrived,
        TimeSpan grace,
        CancellationToken cancellation
    ) =>
        redeemedAt is { } time
        && outages.Tellable(await db.NowAsync(clock, cancellation) - time)
            - clock.GetElapsedTime(arrived.Timestamp)
            < grace;

    /// <summary>Uses up a refresh token. Must run in a transaction, which is left open unless the family ended.</summary>
    /// <param name="tokenId">The row of the presented token.</param>
    /// <param name="familyId">Its family.</param>
    /// <param name="successor">What <see cref="SuccessorOf"/> says of it.</param>
    /// <param name="arrived">When the request did.</param>
    /// <param name="grace">How long after its use a token may be presented again while its successor is unused.</param>
    /// <param name="keepUntil">UTC; the end of the family: until then its use is remembered, to know a replay by.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<Redemption> RedeemAsync(
        string tokenId,
        string familyId,
        string successor,
        Arrived arrived,
        TimeSpan grace,
        DateTime keepUntil,
        CancellationToken cancellation
    )
    {
        await db.HoldFamilyAsync(familyId, cancellation);
        if (await TryUseAsync(tokenId, keepUntil, cancellation))
        {
            return Redemption.Redeemed;
        }

        var redeemedAt = await db
            .Tokens.Where(token => token.Id == tokenId && token.Status == Statuses.Redeemed)
            .Select(token => token.RedemptionDate)
            .FirstOrDefaultAsync(cancellation);
        if (
            await IsWithinGraceAsync(redeemedAt, arrived, grace, cancellation)
            && await IsUnusedAsync(successor, cancellation)
        )
        {
            return Redemption.Retried;
        }

        await EndAsync(familyId, AuditEvent.RefreshReuseDetected, cancellation);
        return Redemption.Replayed;
    }

    /// <summary>Uses up a token that may be used once; false when it was used before. Nothing else happens.</summary>
    public async Task<bool> TryUseAsync(string tokenId, DateTime? keepUntil, CancellationToken cancellation)
    {
        var now = await db.NowAsync(clock, cancellation);
        // The one statement that decides a race: whoever turns 'valid' into 'redeemed' has used the token. Its conditions
        // are on the row itself, with no join: PostgreSQL asks those again, and no others, of a row that it waited for.
        var used = await db
            .Tokens.Where(token => token.Id == tokenId && token.Status == Statuses.Valid)
            // A family that ended while we waited for the lock gives nothing any more.
            .Where(token =>
                EF.Property<string?>(token, "AuthorizationId") == null
                || db.Authorizations.Any(family =>
                    family.Id == EF.Property<string?>(token, "AuthorizationId")
                    && family.Status == Statuses.Valid
                )
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(token => token.Status, Statuses.Redeemed)
                        .SetProperty(token => token.RedemptionDate, now)
                        .SetProperty(
                            token => token.ExpirationDate,
                            token => keepUntil ?? token.ExpirationDate
                        )
                        .SetProperty(token => token.ConcurrencyToken, Guid.NewGuid().ToString()),
                cancellation
            );
        return used == 1;
    }

    /// <summary>Uses up an authorization code (RFC 6749 §4.1.2): a second use ends what the first one gave.</summary>
    public async Task<Redemption> RedeemCodeAsync(
        string tokenId,
        string familyId,
        CancellationToken cancellation
    )
    {
        await db.HoldFamilyAsync(familyId, cancellation);
        if (await TryUseAsync(tokenId, keepUntil: null, cancellation))
        {
            return Redemption.Redeemed;
        }

        await EndAsync(familyId, AuditEvent.CodeReplayed, cancellation);
        return Redemption.Replayed;
    }

    /// <summary>Ends a family: none of its codes and tokens is honoured from here on. Commits an open transaction.</summary>
    public async Task EndAsync(string familyId, AuditEvent why, CancellationToken cancellation)
    {
        await using var transaction =
            db.Database.CurrentTransaction ?? await db.Database.BeginTransactionAsync(cancellation);
        var ended = await db
            .Authorizations.Where(family => family.Id == familyId && family.Status != Statuses.Revoked)
            .ExecuteUpdateAsync(
                set => set.SetProperty(family => family.Status, Statuses.Revoked),
                cancellation
            );

        // Told once, by the call that ended it.
        if (ended == 1)
        {
            var family = await db
                .Authorizations.Where(family => family.Id == familyId)
                .Select(family => new
                {
                    family.Subject,
                    family.SessionId,
                    family.Application!.ClientId,
                })
                .SingleAsync(cancellation);
            audit.Record(
                why,
                accountId: family.Subject,
                clientId: family.ClientId,
                sessionId: family.SessionId
            );
            await db.SaveChangesAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Revokes one access token; its family goes on.</summary>
    public async Task RevokeTokenAsync(
        string tokenId,
        string? accountId,
        string? clientId,
        CancellationToken cancellation
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var revoked = await db
            .Tokens.Where(token => token.Id == tokenId && token.Status != Statuses.Revoked)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(token => token.Status, Statuses.Revoked)
                        .SetProperty(token => token.ConcurrencyToken, Guid.NewGuid().ToString()),
                cancellation
            );
        if (revoked == 1)
        {
            audit.Record(AuditEvent.TokenRevoked, accountId: accountId, clientId: clientId);
            await db.SaveChangesAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private Task<bool> IsUnusedAsync(string value, CancellationToken cancellation)
    {
        var reference = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
        return db.Tokens.AnyAsync(
            token =>
                token.ReferenceId == reference
                && token.Status == Statuses.Valid
                && token.Authorization!.Status == Statuses.Valid,
            cancellation
        );
    }
}
