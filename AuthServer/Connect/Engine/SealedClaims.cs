using System.Buffers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Engine;

/// <summary>
/// The form of what stands behind a code, a refresh token or a pushed request: its claims, sealed with AES-256-GCM by the
/// current encryption key and bound to its row. Nobody but this server reads it, so it needs neither a signature nor the two
/// envelopes of the engine's own form, which take many times as long.
/// </summary>
internal static class SealedClaims
{
    private const string Prefix = "sealed-1.";
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public static string Seal(ClaimsPrincipal principal, string tokenId, SecurityKey key)
    {
        var plain = Write(principal);
        var content = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(content.AsSpan(0, NonceSize));
        using var aes = new AesGcm(((SymmetricSecurityKey)key).Key, TagSize);
        aes.Encrypt(
            content.AsSpan(0, NonceSize),
            plain,
            content.AsSpan(NonceSize, plain.Length),
            content.AsSpan(NonceSize + plain.Length),
            Encoding.UTF8.GetBytes(tokenId)
        );
        return $"{Prefix}{key.KeyId}.{Base64UrlTextEncoder.Encode(content)}";
    }

    /// <summary>The claims; null for another form, a key that is gone, or content that is not as it was sealed.</summary>
    public static ClaimsPrincipal? Open(
        string payload,
        string tokenId,
        IReadOnlyList<EncryptingCredentials> keys
    )
    {
        if (!payload.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = payload[Prefix.Length..].Split('.');
        if (keys.FirstOrDefault(key => key.Key.KeyId == parts[0])?.Key is not SymmetricSecurityKey key)
        {
            return null;
        }

        var content = Base64UrlTextEncoder.Decode(parts[1]).AsSpan();
        var plain = new byte[content.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key.Key, TagSize);
        try
        {
            aes.Decrypt(
                content[..NonceSize],
                content[NonceSize..^TagSize],
                content[^TagSize..],
                plain,
                Encoding.UTF8.GetBytes(tokenId)
            );
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Read(plain);
    }

    // Names, values and the types of values, by turns.
    private static ReadOnlySpan<byte> Write(ClaimsPrincipal principal)
    {
        var text = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(text);
        json.WriteStartArray();
        foreach (var claim in principal.Claims)
        {
            json.WriteStringValue(claim.Type);
            json.WriteStringValue(claim.Value);
            json.WriteStringValue(claim.ValueType == ClaimValueTypes.String ? "" : claim.ValueType);
        }

        json.WriteEndArray();
        json.Flush();
        return text.WrittenSpan;
    }

    private static ClaimsPrincipal Read(byte[] plain)
    {
        var identity = new ClaimsIdentity("AuthServer", Claims.Name, Claims.Role);
        var words = JsonSerializer.Deserialize<string[]>(plain)!;
        for (var i = 0; i < words.Length; i += 3)
        {
            var type = words[i + 2];
            identity.AddClaim(
                new Claim(words[i], words[i + 1], type.Length == 0 ? ClaimValueTypes.String : type)
            );
        }

        return new ClaimsPrincipal(identity);
    }
}
