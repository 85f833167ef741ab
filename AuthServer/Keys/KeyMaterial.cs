using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Keys;

/// <summary>What a key of each algorithm is made of, as bytes to keep and as credentials to use.</summary>
internal static class KeyMaterial
{
    /// <summary>Signs; ES256 is first, because it signs many times faster than RS256.</summary>
    public static readonly IReadOnlyList<string> Signing =
    [
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.RsaSha256,
    ];

    /// <summary>Encrypts what only this server reads: codes, device codes, refresh tokens.</summary>
    public const string Encryption = SecurityAlgorithms.Aes256KW;

    /// <summary>All algorithms that the server holds keys of.</summary>
    public static readonly IReadOnlyList<string> Algorithms = [.. Signing, Encryption];

    /// <summary>A new private key: PKCS#8, or 32 random bytes for <see cref="Encryption"/>.</summary>
    public static byte[] Create(string algorithm)
    {
        switch (algorithm)
        {
            case SecurityAlgorithms.EcdsaSha256:
                using (var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    return ecdsa.ExportPkcs8PrivateKey();
                }
            case SecurityAlgorithms.RsaSha256:
                using (var rsa = RSA.Create(3072))
                {
                    return rsa.ExportPkcs8PrivateKey();
                }
            case Encryption:
                return RandomNumberGenerator.GetBytes(32);
            default:
                throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, message: null);
        }
    }

    /// <summary>Credentials of one of <see cref="Signing"/>.</summary>
    /// <exception cref="CryptographicException">The bytes are no such key.</exception>
    public static SigningCredentials ToSign(string kid, string algorithm, byte[] bytes) =>
        new(algorithm == SecurityAlgorithms.RsaSha256 ? Rsa(kid, bytes) : Ecdsa(kid, bytes), algorithm);

    public static EncryptingCredentials ToEncrypt(string kid, byte[] bytes) =>
        new(
            new SymmetricSecurityKey(bytes) { KeyId = kid },
            Encryption,
            SecurityAlgorithms.Aes256CbcHmacSha512
        );

    // Given as parameters, so that each signer of the library's pool has an RSA object to itself.
    private static RsaSecurityKey Rsa(string kid, byte[] bytes)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(bytes, out _);
        return new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: true)) { KeyId = kid };
    }

    [SuppressMessage(
        "Reliability",
        "CA2000:Dispose objects before losing scope",
        Justification = "The security key owns it and lives as long as the server."
    )]
    private static ECDsaSecurityKey Ecdsa(string kid, byte[] bytes)
    {
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(bytes, out _);
        return new ECDsaSecurityKey(ecdsa) { KeyId = kid };
    }
}
