using System.Security.Cryptography;
using System.Text;

namespace Load.Peers;

/// <summary>What all servers are told alike: the client, its redirect, its secret, and the size of RSA keys.</summary>
internal static class Bench
{
    public const string ClientId = "bench";
    public const string Secret = "bench-only-client-secret-0123456789abcdef";
    public const string RedirectUri = "http://127.0.0.1:5173/callback";
    public const string Verifier = "bench-only-verifier-0123456789-0123456789-0123456789";

    /// <summary>Who only says who a person is; any server's userinfo takes the token.</summary>
    public const string PersonScopes = "openid%20offline_access";

    /// <summary>What AuthServer makes; a peer that can be told gets the same.</summary>
    public const int RsaBits = 3072;

    public static readonly string Challenge = Convert
        .ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)))
        .TrimEnd('=')
        .Replace('+', '-')
        .Replace('/', '_');

    /// <summary>The client's proof, as RFC 6749 §2.3.1 prefers it.</summary>
    public static readonly string Authorization =
        "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ClientId}:{Secret}"));
}
