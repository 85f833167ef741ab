namespace AuthServer.Data;

/// <summary>The state of the chain at a moment, signed; the same stands in the log, out of reach of who writes here.</summary>
internal sealed class AuditCheckpoint
{
    /// <summary>The last link, and so the number of rows that are sealed.</summary>
    public required long Seq { get; init; }

    /// <summary>That link's.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>UTC, exact to the millisecond.</summary>
    public required DateTime At { get; init; }

    /// <summary>Names the key that signed.</summary>
    public required string KeyId { get; init; }

    /// <summary>ES256.</summary>
    public required byte[] Signature { get; init; }
}
