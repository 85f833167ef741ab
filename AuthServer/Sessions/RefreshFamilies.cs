using System.Security.Cryptography;
using System.Text;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Data.Statements;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Sessions;

/// <summary>
/// Families of tokens: everything that came from one authorization, how it goes on and ends.
/// </summary>
internal sealed class RefreshFamilies(
    AuthDb db,
    IStatements database,
    AuditLog audit,
    Outages outages,
    TimeProvider clock
)
{
    /// <summary>
    /// Whether a used token may still be a retry; <see cref="IsRetryAsync"/> decides. What counts is when the request
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

    /// <summary>
    /// Whether a refresh token that is used up is shown again by who has lost the answer; if not, it is a replay, and the
    /// family has ended.
    /// </summary>
    /// <param name="tokenId">The row of the presented token.</param>
    /// <param name="familyId">Its family.</param>
    /// <param name="successor">What <see cref="Rotation"/> says of it.</param>
    /// <param name="arrived">When the request did.</param>
    /// <param name="grace">How long after its use a token may be presented again while its successor is unused.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<bool> IsRetryAsync(
        string tokenId,
        string familyId,
        string successor,
        Arrived arrived,
        TimeSpan grace,
        CancellationToken cancellation
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.HoldFamilyAsync(familyId, cancellation);
        var redeemedAt = await db
            .Tokens.Where(token => token.Id == tokenId && token.Status == Statuses.Redeemed)
            .Select(token => token.RedemptionDate)
            .FirstOrDefaultAsync(cancellation);
        if (
            await IsWithinGraceAsync(redeemedAt, arrived, grace, cancellation)
            && await IsUnusedAsync(successor, cancellation)
        )
        {
            return true;
        }

        await EndAsync(familyId, AuditEvent.RefreshReuseDetected, cancellation);
        return false;
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
    /// <param name="token">What it says of itself.</param>
    /// <param name="accountId">Whom it speaks for; null for the client itself.</param>
    /// <param name="clientId">Who revokes it.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task RevokeTokenAsync(
        NewToken token,
        string? accountId,
        string? clientId,
        CancellationToken cancellation
    )
    {
        var row = audit.Draft(AuditEvent.TokenRevoked, accountId: accountId, clientId: clientId);
        var use = new TokenUse(token.Id, KeepUntil: null);
        Statement[] unit = [TokenRows.Revoke(token, use), AuditRows.Insert(row, use)];
        if (await database.WriteAsync(unit, cancellation) == 1)
        {
            audit.Told([row]);
        }
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
