namespace AuthServer.Audit;

/// <summary>Something that happened, before it is a row: who, what, when, where, and how it came out.</summary>
/// <param name="What">From the closed list.</param>
/// <param name="Succeeded">The outcome.</param>
/// <param name="At">When.</param>
internal sealed record Happening(AuditEvent What, bool Succeeded, DateTimeOffset At)
{
    public string? AccountId { get; init; }

    public string? ClientId { get; init; }

    public string? SessionId { get; init; }

    public string? Address { get; init; }

    /// <summary>What was typed where a name belongs; only its keyed hash is kept.</summary>
    public string? Name { get; init; }

    /// <summary>Why, in one of our own words; never what somebody sent.</summary>
    public string? Reason { get; init; }

    /// <summary>The first 8 hexadecimal digits of the SHA-256 of the token that was presented.</summary>
    public string? TokenHash { get; init; }

    public string? TraceId { get; init; }

    public int Count { get; init; } = 1;
}
