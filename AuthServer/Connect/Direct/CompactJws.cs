using System.Buffers.Text;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Connect.Direct;

/// <summary>The compact form of a signed text (RFC 7515 §7.1).</summary>
internal static class CompactJws
{
    // RSA with 8192 bits.
    private const int LargestSignature = 1024;

    public static string Sign(ReadOnlySpan<byte> payload, string type, SigningCredentials credentials)
    {
        var header = JsonAnswer
            .Render(json =>
            {
                json.WriteStartObject();
                json.WriteString(JsonWebKeyParameterNames.Alg, credentials.Algorithm);
                json.WriteString(JsonWebKeyParameterNames.Kid, credentials.Kid);
                json.WriteString("typ", type);
                json.WriteEndObject();
            })
            .Span;
        var room = Length(header.Length) + 1 + Length(payload.Length) + 1 + Length(LargestSignature);
        var text = new byte[room];
        var at = Base64Url.EncodeToUtf8(header, text);
        text[at++] = (byte)'.';
        at += Base64Url.EncodeToUtf8(payload, text.AsSpan(at));

        Span<byte> signature = stackalloc byte[LargestSignature];
        var length = Sign(text.AsSpan(0, at), signature, credentials);
        text[at++] = (byte)'.';
        at += Base64Url.EncodeToUtf8(signature[..length], text.AsSpan(at));
        return Encoding.ASCII.GetString(text, 0, at);
    }

    private static int Length(int bytes) => Base64Url.GetEncodedLength(bytes);

    // The library keeps what it needs for a key, and makes it safe to use by many at once.
    private static int Sign(ReadOnlySpan<byte> text, Span<byte> signature, SigningCredentials credentials)
    {
        var factory = credentials.CryptoProviderFactory ?? credentials.Key.CryptoProviderFactory;
        var provider = factory.CreateForSigning(credentials.Key, credentials.Algorithm);
        try
        {
            return provider.Sign(text, signature, out var written)
                ? written
                : throw new InvalidOperationException("A signature is longer than any that we know.");
        }
        finally
        {
            factory.ReleaseSignatureProvider(provider);
        }
    }
}
