using AuthServer.Data;

namespace AuthServer.Keys;

/// <summary>
/// The keys of one algorithm at one moment. Everything follows from the rows and the clock, so that instances which
/// share a database agree without talking to each other.
/// </summary>
/// <param name="Current">The one that signs.</param>
/// <param name="Next">Published, so that APIs know them before they sign; the first to sign comes first.</param>
/// <param name="Retired">They sign no more, but what they signed may still be shown to us; the latest comes first.</param>
internal sealed record KeyRing(
    SigningKey Current,
    IReadOnlyList<SigningKey> Next,
    IReadOnlyList<SigningKey> Retired
)
{
    /// <summary>The longest that <c>Tokens:RefreshTokenAbsoluteLifetime</c> may be.</summary>
    private static readonly TimeSpan LongestToken = TimeSpan.FromDays(90);

    /// <summary>All of them, the current one first.</summary>
    public IReadOnlyList<SigningKey> Published => [Current, .. Next, .. Retired];

    /// <summary>Whether it is time to publish the key that follows the current one.</summary>
    public bool IsDue(DateTime now, KeysOptions options) =>
        Next.Count == 0 && now >= Current.ActivatesAt + options.RotationPeriod - options.PublishAhead;

    /// <summary>When a key that is published at <paramref name="now"/> may sign: never before everybody could know it.</summary>
    public static DateTime Activation(DateTime now, KeysOptions options) => now + options.PublishAhead;

    /// <summary>The rows of this algorithm that nothing needs any more: what they signed has expired long ago.</summary>
    public IEnumerable<SigningKey> Spent(DateTime now, IEnumerable<SigningKey> keys, KeysOptions options) =>
        keys.Where(key =>
            key.Algorithm == Current.Algorithm
            && key.ActivatesAt < Current.ActivatesAt
            && !Retired.Contains(key)
            // A revoked one is shown as long as it would have been published.
            && !(key.RevokedAt + options.RotationPeriod + LongestToken > now)
        );

    /// <summary>The ring at <paramref name="now"/> (UTC); null when no key of this algorithm may sign and one must be made.</summary>
    public static KeyRing? At(
        DateTime now,
        string algorithm,
        IEnumerable<SigningKey> keys,
        KeysOptions options
    )
    {
        // One that was revoked before its time has never signed, and takes nobody's place.
        var line = keys.Where(key => key.Algorithm == algorithm && !(key.RevokedAt < key.ActivatesAt))
            .OrderBy(key => key.ActivatesAt)
            .ToList();

        // A clock behind that of the instance which made the first key finds none active: it takes that one.
        var at = Math.Max(0, line.FindLastIndex(key => key.ActivatesAt <= now));
        // A key that was superseded never signs again, not even when its successor is revoked.
        if (line.Count == 0 || line[at].RevokedAt is not null)
        {
            return null;
        }

        var keep = options.RotationPeriod + LongestToken;
        return new KeyRing(
            line[at],
            [.. line[(at + 1)..].Where(key => key.RevokedAt is null && key.CreatedAt <= now)],
            // Superseded by its successor in line, whatever became of that one.
            [
                .. Enumerable
                    .Range(0, at)
                    .Where(i => line[i].RevokedAt is null && line[i + 1].ActivatesAt + keep > now)
                    .Select(i => line[i])
                    .Reverse(),
            ]
        );
    }
}
