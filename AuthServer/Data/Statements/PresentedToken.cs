namespace AuthServer.Data.Statements;

/// <summary>The row of a token that somebody shows us, with what it hangs on.</summary>
internal sealed record PresentedToken
{
    public required string Id { get; init; }

    public required string? FamilyId { get; init; }

    public required DateTime? CreatedAt { get; init; }

    public required DateTime? ExpiresAt { get; init; }

    public required string? Payload { get; init; }

    public required DateTime? RedeemedAt { get; init; }

    public required string? ReferenceId { get; init; }

    public required string? Status { get; init; }

    public required string Type { get; init; }

    /// <summary>Whose family it is; null when the family has ended, or what it hangs on has.</summary>
    public required FamilyOwner? Owner { get; init; }
}

/// <summary>What a family hangs on.</summary>
/// <param name="Account">Whose it is, as of now.</param>
/// <param name="Session">The sign-in it came from.</param>
/// <param name="BeganAt">UTC; the absolute lifetime counts from here.</param>
internal sealed record FamilyOwner(Account Account, Session Session, DateTime BeganAt);
