using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;

namespace AuthServer.Audit;

/// <summary>Signs checkpoints with a key of their own (ES256), so that whoever keeps the log can check them without us.</summary>
internal sealed class CheckpointKey : IDisposable
{
    private readonly ECDsa _key;

    public CheckpointKey(ServerSecrets secrets)
    {
        _key = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                D = secrets.Get(ServerSecrets.AuditSignature),
            }
        );
        var digest = SHA256.HashData(_key.ExportSubjectPublicKeyInfo());
        Id = Convert.ToHexStringLower(digest.AsSpan(0, 8));
    }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the public key.</summary>
    public string Id { get; }

    /// <summary>The public key, to be kept where the log is kept.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    public AuditCheckpoint Sign(long seq, byte[] hash, DateTimeOffset now)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()).UtcDateTime;
        return new AuditCheckpoint
        {
            Seq = seq,
            Hash = hash,
            At = at,
            KeyId = Id,
            Signature = _key.SignData(Text(seq, hash, at), HashAlgorithmName.SHA256),
        };
    }

    /// <summary>Whether this key signed it as it is.</summary>
    public bool IsGenuine(AuditCheckpoint checkpoint) =>
        checkpoint.KeyId == Id
        && _key.VerifyData(
            Text(checkpoint.Seq, checkpoint.Hash, checkpoint.At),
            checkpoint.Signature,
            HashAlgorithmName.SHA256
        );

    public void Dispose() => _key.Dispose();

    // docs/audit.md gives this text to whoever checks it elsewhere.
    private static byte[] Text(long seq, byte[] hash, DateTime at) =>
        Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"authserver-audit-checkpoint-1\n{seq}\n{Convert.ToHexStringLower(hash)}\n{at:yyyy-MM-ddTHH:mm:ss.fffZ}"
            )
        );
}
