namespace AuthServer.Data;

/// <summary>
/// One thing that happened; never changed once it is written. Holds no token, code or password, and an address that
/// was typed only as a keyed hash.
/// </summary>
internal sealed class AuditEntry
{
    public long Id { get; init; }

    /// <summary>The same in the row and in the line of the log; none for a row from before the chain.</summary>
    public Guid? EventId { get; init; }

    /// <summary>UTC, exact to the millisecond.</summary>
    public required DateTime At { get; init; }

    /// <summary>A stable name such as <c>refresh.reuse_detected</c>.</summary>
    public required string Event { get; init; }

    public required bool Succeeded { get; init; }

    public string? AccountId { get; init; }

    public string? ClientId { get; init; }

    public string? SessionId { get; init; }

    /// <summary>Personal: emptied when it is erased, together with <see cref="Salt"/>.</summary>
    public string? Address { get; init; }

    /// <summary>Personal: the keyed hash of a name that was typed and belongs to nobody known.</summary>
    public string? NameHash { get; init; }

    /// <summary>Why, in one of our own words.</summary>
    public string? Reason { get; init; }

    /// <summary>The first 8 hexadecimal digits of the SHA-256 of the token that was presented.</summary>
    public string? TokenHash { get; init; }

    public string? TraceId { get; init; }

    /// <summary>How many times it happened, when many are told as one.</summary>
    public int Count { get; init; } = 1;

    /// <summary>16 random bytes, without which <see cref="PersonalDigest"/> tells nothing.</summary>
    public byte[]? Salt { get; init; }

    /// <summary>What the chain covers in place of the personal fields, so that they can be erased.</summary>
    public byte[]? PersonalDigest { get; init; }

    /// <summary>Shows that the server wrote this; none for a row from before the chain.</summary>
    public byte[]? Mac { get; set; }
}
