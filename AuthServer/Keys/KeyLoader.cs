using AuthServer.Data;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Keys;

/// <summary>Turns the ring when it is time and gives the keys that count now to the engine.</summary>
internal sealed class KeyLoader(KeyStore store, KeyRingToServer server)
{
    /// <summary>Once at the start, and again and again while it serves.</summary>
    /// <exception cref="StartupException">A key does not open, or all of an algorithm are missing.</exception>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var rows = await store.TurnAsync(cancellation);
        server.Publish(
            [.. KeyMaterial.Signing.SelectMany(algorithm => Published(algorithm, rows)).Select(ToSign)],
            [.. Published(KeyMaterial.Encryption, rows).Select(ToEncrypt)]
        );
    }

    private IReadOnlyList<SigningKey> Published(string algorithm, List<SigningKey> rows) =>
        store.RingOf(algorithm, rows)!.Published;

    private SigningCredentials ToSign(SigningKey key) =>
        store.Open(key, bytes => KeyMaterial.ToSign(key.Id, key.Algorithm, bytes));

    private EncryptingCredentials ToEncrypt(SigningKey key) =>
        store.Open(key, bytes => KeyMaterial.ToEncrypt(key.Id, bytes));
}
