using System.Collections.Frozen;

namespace AuthServer.Data;

/// <summary>The random values that the server made for itself at first start, opened once at every start.</summary>
internal sealed class ServerSecrets
{
    /// <summary>Keys the pre-hash of passwords.</summary>
    public const string PasswordPepper = "password-pepper-1";

    /// <summary>Keys the derivation of a refresh token from the one before it.</summary>
    public const string RefreshRotation = "refresh-rotation-1";

    /// <summary>Keys the names of the counters of rate limits.</summary>
    public const string LimitKeys = "limit-keys-1";

    /// <summary>Keys the chain of the audit trail and the hashes of names in it.</summary>
    public const string AuditChain = "audit-chain-1";

    /// <summary>The private number of the P-256 key that signs checkpoints of the audit trail.</summary>
    public const string AuditSignature = "audit-signature-1";

    /// <summary>All names, in the order they were invented.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        PasswordPepper,
        RefreshRotation,
        LimitKeys,
        AuditChain,
        AuditSignature,
    ];

    private FrozenDictionary<string, byte[]> _values = FrozenDictionary<string, byte[]>.Empty;

    /// <summary>Takes the opened values; once, before the first request.</summary>
    public void Load(IReadOnlyDictionary<string, byte[]> values) => _values = values.ToFrozenDictionary();

    /// <summary>32 bytes.</summary>
    public byte[] Get(string name) => _values[name];
}
