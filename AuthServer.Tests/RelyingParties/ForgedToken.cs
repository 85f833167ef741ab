using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Tests.RelyingParties;

/// <summary>Makes out of a genuine token what an attacker without the private key could make (RFC 8725 §2).</summary>
internal static class ForgedToken
{
    /// <summary>The same claims, unsigned.</summary>
    public static string Unsigned(string token, string algorithm = "none") =>
        $"{Encode(Header(token, algorithm))}.{token.Split('.')[1]}.";

    /// <summary>The same claims under a MAC whose key is the public key, in each form that somebody may hold it.</summary>
    public static IEnumerable<string> MacWithPublicKey(string token, string jwks)
    {
        foreach (var key in new JsonWebKeySet(jwks).GetSigningKeys())
        {
            using AsymmetricAlgorithm algorithm = key switch
            {
                RsaSecurityKey rsa => RSA.Create(rsa.Rsa?.ExportParameters(false) ?? rsa.Parameters),
                ECDsaSecurityKey ec => ECDsa.Create(ec.ECDsa.ExportParameters(false)),
                _ => throw new InvalidOperationException($"Nobody knows the key {key}."),
            };
            var pem = algorithm.ExportSubjectPublicKeyInfoPem();
            foreach (
                var secret in new[] { Encoding.UTF8.GetBytes(pem), algorithm.ExportSubjectPublicKeyInfo() }
            )
            {
                var content = $"{Encode(Header(token, "HS256"))}.{token.Split('.')[1]}";
                var mac = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(content));
                yield return $"{content}.{Base64UrlEncoder.Encode(mac)}";
            }
        }
    }

    /// <summary>The same claims, signed by a key of the attacker's, which the header brings along.</summary>
    public static string SignedByStranger(string token)
    {
        using var rsa = RSA.Create(2048);
        var header = Header(token, "RS256");
        header["jwk"] = new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = Base64UrlEncoder.Encode(rsa.ExportParameters(false).Modulus),
            ["e"] = Base64UrlEncoder.Encode(rsa.ExportParameters(false).Exponent),
        };
        var content = $"{Encode(header)}.{token.Split('.')[1]}";
        var signature = rsa.SignData(
            Encoding.UTF8.GetBytes(content),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return $"{content}.{Base64UrlEncoder.Encode(signature)}";
    }

    private static JsonObject Header(string token, string algorithm)
    {
        var header = JsonNode.Parse(Base64UrlEncoder.Decode(token.Split('.')[0]))!.AsObject();
        header["alg"] = algorithm;
        return header;
    }

    private static string Encode(JsonObject json) => Base64UrlEncoder.Encode(json.ToJsonString());
}
