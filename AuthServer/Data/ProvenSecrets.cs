using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Data;

/// <summary>
/// Remembers which secret has proved right for which stored hash, so that the slow check is made once and not at every
/// request. What it keeps is a MAC under a key that this process has made and never shows; it is forgotten when the hash
/// changes, for it belongs to the hash.
/// </summary>
internal sealed class ProvenSecrets
{
    // Of right secrets only, so nobody outside can fill it; far more than any server has clients.
    private const int Most = 10_000;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, byte[]> _macs = new(StringComparer.Ordinal);

    /// <summary>Whether this secret has proved right for this hash before.</summary>
    public bool Holds(string hash, string secret) =>
        _macs.TryGetValue(hash, out var mac) && CryptographicOperations.FixedTimeEquals(mac, MacOf(secret));

    public void Add(string hash, string secret)
    {
        if (_macs.Count >= Most)
        {
            _macs.Clear();
        }

        _macs[hash] = MacOf(secret);
    }

    private byte[] MacOf(string secret) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(secret));
}
