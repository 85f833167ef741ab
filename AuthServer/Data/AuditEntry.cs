namespace AuthServer.Data;

/// <summary>One thing that happened. Never holds a token, a code, a password or a full e-mail address.</summary>
internal sealed class AuditEntry
{
    public long Id { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>A stable name such as <c>refresh.reuse_detected</c>.</summary>
    public required string Event { get; init; }

    public required bool Succeeded { get; init; }

    public string? AccountId { get; init; }

    public string? ClientId { get; init; }

    public string? SessionId { get; init; }

    public string? Address { get; init; }

    /// <summary>Why, in one of our own words.</summary>
    public string? Reason { get; init; }

    public string? TraceId { get; init; }
}
