using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace AuthServer.Data;

/// <summary>
/// The Data Protection ring as all instances share it. The framework reads the ring once a day; here it reads it at its next
/// use after <see cref="FollowAsync"/> saw that another instance has added to it, so that a revocation counts everywhere.
/// </summary>
internal sealed class SharedKeyManager(XmlKeyManager inner, SharedRing ring) : IKeyManager, IDisposable
{
    private CancellationTokenSource _change = new();

    /// <summary>Whether this instance has ever opened it: the first cookie, or the start that made it, does.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Looks for what others added: keys, revocations.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        if (await ring.FollowAsync(cancellation))
        {
            // Not disposed of: somebody may be asking it for its token.
            await Interlocked.Exchange(ref _change, new CancellationTokenSource()).CancelAsync();
        }
    }

    public CancellationToken GetCacheExpirationToken() =>
        CancellationTokenSource.CreateLinkedTokenSource(inner.GetCacheExpirationToken(), _change.Token).Token;

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) =>
        inner.CreateNewKey(activationDate, expirationDate);

    public IReadOnlyCollection<IKey> GetAllKeys()
    {
        IsOpen = true;
        return inner.GetAllKeys();
    }

    public void RevokeKey(Guid keyId, string? reason = null) => inner.RevokeKey(keyId, reason);

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) =>
        inner.RevokeAllKeys(revocationDate, reason);

    public void Dispose() => _change.Dispose();
}
