using System.Buffers.Text;
using System.Security.Cryptography;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Keys;

/// <summary>Keeps the keys in the database, sealed by the master key, and opens those that count now.</summary>
internal sealed class KeyStore(
    AuthDb db,
    MasterKey masterKey,
    AuditLog audit,
    KeyRingToServer server,
    TimeProvider clock,
    IOptions<KeysOptions> options
)
{
    /// <summary>Makes what is missing, once however many instances start, and gives the keys to the engine.</summary>
    /// <exception cref="StartupException">A key does not open: a new one in its place would break what it signed.</exception>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var rows = await ReadAsync(cancellation);
        var missing = KeyMaterial.Algorithms.Where(algorithm => RingOf(algorithm, rows) is null).ToList();
        if (missing.Count > 0)
        {
            // Made before the lock is taken: an RSA key takes a while, and all who write would wait for it.
            var made = missing.ConvertAll(Make);
            await db.ExclusivelyAsync(async token => rows = await AddAsync(made, token), cancellation);
        }

        var rings = KeyMaterial.Algorithms.ToDictionary(
            algorithm => algorithm,
            algorithm => RingOf(algorithm, rows)!
        );
        server.Publish(
            [.. KeyMaterial.Signing.SelectMany(algorithm => rings[algorithm].Published).Select(ToSign)],
            [.. rings[KeyMaterial.Encryption].Published.Select(ToEncrypt)]
        );
    }

    private KeyRing? RingOf(string algorithm, List<SigningKey> rows) =>
        KeyRing.At(clock.GetUtcNow().UtcDateTime, algorithm, rows, options.Value);

    private Task<List<SigningKey>> ReadAsync(CancellationToken cancellation) =>
        db.SigningKeys.AsNoTracking().ToListAsync(cancellation);

    // Only what is still missing: another instance may have been first.
    private async Task<List<SigningKey>> AddAsync(List<SigningKey> made, CancellationToken cancellation)
    {
        var rows = await ReadAsync(cancellation);
        foreach (var key in made.Where(key => RingOf(key.Algorithm, rows) is null).ToList())
        {
            rows.Add(key);
            db.SigningKeys.Add(key);
            audit.Record(AuditEvent.KeyCreated, reason: $"{key.Algorithm} {key.Id}");
        }

        await db.SaveChangesAsync(cancellation);
        return rows;
    }

    private SigningKey Make(string algorithm)
    {
        var kid = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var now = clock.GetUtcNow().UtcDateTime;
        return new SigningKey
        {
            Id = kid,
            Algorithm = algorithm,
            Protected = masterKey.Protect(KeyMaterial.Create(algorithm), SealOf(kid)),
            CreatedAt = now,
            // Nobody could know it ahead, and without it nothing is signed at all.
            ActivatesAt = now,
        };
    }

    private SigningCredentials ToSign(SigningKey key) =>
        Open(key, bytes => KeyMaterial.ToSign(key.Id, key.Algorithm, bytes));

    private EncryptingCredentials ToEncrypt(SigningKey key) =>
        Open(key, bytes => KeyMaterial.ToEncrypt(key.Id, bytes));

    private T Open<T>(SigningKey key, Func<byte[], T> use)
    {
        try
        {
            return use(masterKey.Unprotect(key.Protected, SealOf(key.Id)));
        }
        catch (CryptographicException exception)
        {
            throw new StartupException(
                $"The {key.Algorithm} key '{key.Id}' in the database does not open: restore the database from your backup, together with its master key (Data:MasterKeyFile).",
                exception
            );
        }
    }

    private static string SealOf(string kid) => $"signing-key:{kid}";
}
