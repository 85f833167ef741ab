using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Data;

/// <summary>
/// The one key that lives outside the database and seals what must not be read there: signing keys, our own
/// secrets and the Data Protection ring (AES-256-GCM).
/// </summary>
internal sealed class MasterKey
{
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private byte[]? _key;

    /// <summary>Takes the 32 bytes; once, before the first request.</summary>
    public void Load(byte[] key) => _key = key;

    /// <summary>Seals <paramref name="plain"/>; <paramref name="name"/> must be given again to open it.</summary>
    public byte[] Protect(ReadOnlySpan<byte> plain, string name)
    {
        var sealedBytes = new byte[1 + NonceSize + plain.Length + TagSize];
        sealedBytes[0] = Version;
        var nonce = sealedBytes.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(Key(), TagSize);
        aes.Encrypt(
            nonce,
            plain,
            sealedBytes.AsSpan(1 + NonceSize, plain.Length),
            sealedBytes.AsSpan(1 + NonceSize + plain.Length),
            Encoding.UTF8.GetBytes(name)
        );
        return sealedBytes;
    }

    /// <summary>Opens what <see cref="Protect"/> sealed under the same name; throws when either was changed.</summary>
    /// <exception cref="CryptographicException">Another key, another name, or altered bytes.</exception>
    public byte[] Unprotect(ReadOnlySpan<byte> sealedBytes, string name)
    {
        if (sealedBytes.Length < 1 + NonceSize + TagSize || sealedBytes[0] != Version)
        {
            throw new CryptographicException("Not sealed by this version of the server.");
        }

        var plain = new byte[sealedBytes.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(Key(), TagSize);
        aes.Decrypt(
            sealedBytes.Slice(1, NonceSize),
            sealedBytes.Slice(1 + NonceSize, plain.Length),
            sealedBytes[^TagSize..],
            plain,
            Encoding.UTF8.GetBytes(name)
        );
        return plain;
    }

    private byte[] Key() => _key ?? throw new InvalidOperationException("The master key is not loaded yet.");
}
