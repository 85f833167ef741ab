using AuthServer.Data;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Keys;

/// <summary>Turns the ring when it is time and gives the keys that count now to the engine.</summary>
internal sealed class KeyLoader(KeyStore store, KeyRingToServer server, KeysMeter meter)
{
    /// <summary>What a start does: opens every key that counts.</summary>
    /// <exception cref="StartupException">A key does not open, or all of an algorithm are missing.</exception>
    public async Task LoadAsync(CancellationToken cancellation) =>
        Publish(await store.TurnAsync(cancellation), isStart: true);

    /// <summary>
    /// The same while it serves. The engine is told of a change only: it would build its options, and every signer, anew.
    /// </summary>
    /// <exception cref="StartupException">As above.</exception>
    public async Task FollowAsync(CancellationToken cancellation) =>
        Publish(await store.TurnAsync(cancellation), isStart: false);

    private void Publish(List<SigningKey> rows, bool isStart)
    {
        var rings = KeyMaterial.Algorithms.Select(algorithm => store.RingOf(algorithm, rows)!).ToList();
        meter.Read(rings);
        var signing = Published(rings, algorithm => algorithm != KeyMaterial.Encryption);
        var encryption = Published(rings, algorithm => algorithm == KeyMaterial.Encryption);
        if (isStart || !server.Holds(signing.Concat(encryption).Select(key => key.Id)))
        {
            server.Publish([.. signing.Select(ToSign)], [.. encryption.Select(ToEncrypt)]);
        }
    }

    private static List<SigningKey> Published(IEnumerable<KeyRing> rings, Func<string, bool> isWanted) =>
        [.. rings.Where(ring => isWanted(ring.Current.Algorithm)).SelectMany(ring => ring.Published)];

    private SigningCredentials ToSign(SigningKey key) =>
        store.Open(key, bytes => KeyMaterial.ToSign(key.Id, key.Algorithm, bytes));

    private EncryptingCredentials ToEncrypt(SigningKey key) =>
        store.Open(key, bytes => KeyMaterial.ToEncrypt(key.Id, bytes));
}
