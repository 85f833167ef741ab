using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Data;

/// <summary>
/// The one key that lives outside the database and seals what must not be read there: signing keys, our own
/// secrets, letters and the Data Protection ring (AES-256-GCM). While it is being replaced, others open beside it.
/// </summary>
internal sealed class MasterKey
{
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    // The first one seals.
    private IReadOnlyList<byte[]> _keys = [];

    /// <summary>Takes the 32 bytes that seal, and those that only open; once, before the first request.</summary>
    public void Load(byte[] key, params IEnumerable<byte[]> others) => _keys = [key, .. others];

    /// <summary>Seals <paramref name="plain"/>; <paramref name="name"/> must be given again to open it.</summary>
    public byte[] Protect(ReadOnlySpan<byte> plain, string name)
    {
        var sealedBytes = new byte[1 + NonceSize + plain.Length + TagSize];
        sealedBytes[0] = Version;
        var nonce = sealedBytes.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(Keys()[0], TagSize);
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
    /// <exception cref="CryptographicException">A key that is not given, another name, or altered bytes.</exception>
    public byte[] Unprotect(ReadOnlySpan<byte> sealedBytes, string name)
    {
        foreach (var key in Keys())
        {
            if (TryOpen(key, sealedBytes, name) is { } plain)
            {
                return plain;
            }
        }

        throw new CryptographicException("It does not open: another key, another name, or altered bytes.");
    }

    /// <summary>The same under the key that seals; null when it is sealed by it already.</summary>
    /// <exception cref="CryptographicException">As for <see cref="Unprotect"/>.</exception>
    public byte[]? Reseal(ReadOnlySpan<byte> sealedBytes, string name) =>
        TryOpen(Keys()[0], sealedBytes, name) is null ? Protect(Unprotect(sealedBytes, name), name) : null;

    private static byte[]? TryOpen(byte[] key, ReadOnlySpan<byte> sealedBytes, string name)
    {
        if (sealedBytes.Length < 1 + NonceSize + TagSize || sealedBytes[0] != Version)
        {
            throw new CryptographicException("Not sealed by this version of the server.");
        }

        var plain = new byte[sealedBytes.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(
                sealedBytes.Slice(1, NonceSize),
                sealedBytes.Slice(1 + NonceSize, plain.Length),
                sealedBytes[^TagSize..],
                plain,
                Encoding.UTF8.GetBytes(name)
            );
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private IReadOnlyList<byte[]> Keys() =>
        _keys.Count > 0 ? _keys : throw new InvalidOperationException("The master key is not loaded yet.");
}
