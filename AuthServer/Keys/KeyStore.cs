using System.Buffers.Text;
using System.Security.Cryptography;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Data.Statements;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Keys;

/// <summary>
/// Keeps the keys in the database, sealed by the master key: makes those that are missing or due, revokes, and clears
/// away what is spent. Whoever holds the lock decides by the rows as they are then, so that instances agree.
/// </summary>
internal sealed class KeyStore(
    Lazy<AuthDb> db,
    IStatements statements,
    MasterKey masterKey,
    AuditLog audit,
    TimeProvider clock,
    IOptions<KeysOptions> options
)
{
    // What Tokens:AccessTokenLifetime may be at most.
    private static readonly TimeSpan LongestAccess = TimeSpan.FromHours(1);

    private AuthDb Db => db.Value;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>All rows, as they are without a turn.</summary>
    public Task<List<SigningKey>> LookAsync(CancellationToken cancellation) =>
        statements.AllAsync(KeyRows.SigningKeys, KeyRows.ReadSigningKey, cancellation);

    /// <summary>The ring of one algorithm now; null when none of its keys may sign.</summary>
    public KeyRing? RingOf(string algorithm, IEnumerable<SigningKey> rows) =>
        KeyRing.At(Now, algorithm, rows, options.Value);

    /// <summary>Makes what is missing or due, once however many instances ask, and removes what is spent.</summary>
    /// <returns>The rows as they are after it.</returns>
    /// <exception cref="StartupException">All keys of an algorithm are gone while tokens live that they may have signed.</exception>
    public async Task<List<SigningKey>> TurnAsync(CancellationToken cancellation)
    {
        var rows = await LookAsync(cancellation);
        var wanted = KeyMaterial.Algorithms.Where(algorithm => IsWanted(algorithm, rows)).ToList();
        if (wanted.Count == 0 && !Spent(rows).Any())
        {
            return rows;
        }

        // Made before the lock is taken: an RSA key takes a while, and all who write would wait for it.
        var made = wanted.ConvertAll(Make);
        await Db.ExclusivelyAsync(
            Turn.Keys,
            async token =>
            {
                rows = await ReadAsync(token);
                foreach (var draft in made.Where(draft => IsWanted(draft.Algorithm, rows)).ToList())
                {
                    await RequireNothingLostAsync(draft.Algorithm, rows, token);
                    Add(rows, draft);
                }

                foreach (var spent in Spent(rows).ToList())
                {
                    rows.Remove(spent);
                    Db.SigningKeys.Remove(spent);
                    audit.Record(AuditEvent.KeyRemoved, reason: $"{spent.Algorithm} {spent.Id}");
                }

                await Db.SaveChangesAsync(token);
            },
            cancellation
        );
        return rows;
    }

    /// <summary>Publishes the next key of an algorithm now, whatever its time; null when one is published already.</summary>
    public async Task<SigningKey?> RotateAsync(string algorithm, CancellationToken cancellation)
    {
        var draft = Make(algorithm);
        SigningKey? next = null;
        await Db.ExclusivelyAsync(
            Turn.Keys,
            async token =>
            {
                var rows = await ReadAsync(token);
                if (RingOf(algorithm, rows) is { Next.Count: 0 })
                {
                    next = Add(rows, draft);
                    await Db.SaveChangesAsync(token);
                }
            },
            cancellation
        );
        return next;
    }

    /// <summary>
    /// Revokes a key: it neither signs nor verifies any more, on every instance within <see cref="KeysOptions.Tick"/>. When
    /// it was the current one, another signs at once, in the same transaction.
    /// </summary>
    /// <returns>False when there is no such key, or it was revoked before.</returns>
    public async Task<bool> RevokeAsync(string kid, CancellationToken cancellation)
    {
        var algorithm = await Db
            .SigningKeys.Where(key => key.Id == kid)
            .Select(key => key.Algorithm)
            .SingleOrDefaultAsync(cancellation);
        if (algorithm is null)
        {
            return false;
        }

        var draft = Make(algorithm);
        var isDone = false;
        await Db.ExclusivelyAsync(
            Turn.Keys,
            async token =>
            {
                var key = await Db.SigningKeys.SingleAsync(row => row.Id == kid, token);
                if (key.RevokedAt is not null)
                {
                    return;
                }

                key.RevokedAt = Now;
                audit.Record(AuditEvent.KeyRevoked, reason: $"{algorithm} {kid}");
                await Db.SaveChangesAsync(token);
                var rows = await ReadAsync(token);
                if (RingOf(algorithm, rows) is null)
                {
                    Add(rows, draft);
                    await Db.SaveChangesAsync(token);
                }

                isDone = true;
            },
            cancellation
        );
        return isDone;
    }

    /// <summary>What <paramref name="use"/> makes of the private key.</summary>
    /// <exception cref="StartupException">It does not open: a new one in its place would break what it signed.</exception>
    public T Open<T>(SigningKey key, Func<byte[], T> use)
    {
        try
        {
            return use(masterKey.Unprotect(key.Protected, SigningKey.SealOf(key.Id)));
        }
        catch (CryptographicException exception)
        {
            throw new StartupException(
                $"The {key.Algorithm} key '{key.Id}' in the database does not open: restore the database from your backup, together with its master key (Data:MasterKeyFile).",
                exception
            );
        }
    }

    private Task<List<SigningKey>> ReadAsync(CancellationToken cancellation) =>
        Db.SigningKeys.AsNoTracking().ToListAsync(cancellation);

    private bool IsWanted(string algorithm, List<SigningKey> rows) =>
        RingOf(algorithm, rows) is not { } ring || ring.IsDue(Now, options.Value);

    private IEnumerable<SigningKey> Spent(List<SigningKey> rows) =>
        KeyMaterial.Algorithms.SelectMany(algorithm =>
            RingOf(algorithm, rows)?.Spent(Now, rows, options.Value) ?? []
        );

    // A revoked key leaves its row, so no row at all means that somebody else took it away.
    private async Task RequireNothingLostAsync(
        string algorithm,
        List<SigningKey> rows,
        CancellationToken cancellation
    )
    {
        var now = Now;
        if (
            !rows.Exists(key => key.Algorithm == algorithm)
            && (
                await Db.Tokens.AnyAsync(
                    token => token.Status == Statuses.Valid && token.ExpirationDate > now,
                    cancellation
                ) || await HasGivenAccessAsync(now, cancellation)
            )
        )
        {
            throw new StartupException(
                $"The {algorithm} keys are missing from the database, but tokens are alive that they may have signed: restore the database from your backup. New keys are made by themselves when those tokens have expired."
            );
        }
    }

    // Access tokens leave no row of their own, but the trail tells of each.
    private Task<bool> HasGivenAccessAsync(DateTime now, CancellationToken cancellation)
    {
        var since = now - LongestAccess;
        return Db.Audit.AnyAsync(
            row =>
                row.At > since
                && row.Succeeded
                && (row.Event == AuditEvent.TokenIssued.Name || row.Event == AuditEvent.TokenRefreshed.Name),
            cancellation
        );
    }

    private SigningKey Add(List<SigningKey> rows, SigningKey draft)
    {
        var now = Now;
        var isNext = RingOf(draft.Algorithm, rows) is not null;
        var key = new SigningKey
        {
            Id = draft.Id,
            Algorithm = draft.Algorithm,
            Protected = draft.Protected,
            CreatedAt = now,
            // The first of all nobody could know ahead, and without it nothing is signed at all.
            ActivatesAt = isNext ? KeyRing.Activation(now, options.Value) : now,
        };
        rows.Add(key);
        Db.SigningKeys.Add(key);
        audit.Record(
            isNext ? AuditEvent.KeyRotated : AuditEvent.KeyCreated,
            reason: $"{key.Algorithm} {key.Id}"
        );
        return key;
    }

    private SigningKey Make(string algorithm)
    {
        var kid = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        return new SigningKey
        {
            Id = kid,
            Algorithm = algorithm,
            Protected = masterKey.Protect(KeyMaterial.Create(algorithm), SigningKey.SealOf(kid)),
            CreatedAt = default,
            ActivatesAt = default,
        };
    }
}
