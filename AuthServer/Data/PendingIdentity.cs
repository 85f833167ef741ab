namespace AuthServer.Data;

/// <summary>
/// An identity that a provider vouched for and that opens nothing yet: something must be proved first, in the same
/// browser, within minutes, once.
/// </summary>
internal sealed class PendingIdentity
{
    /// <summary>The SHA-256 of what the browser holds, in hexadecimal.</summary>
    public required string Id { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public required string Provider { get; init; }

    public string? Email { get; init; }

    public bool IsEmailVerified { get; init; }

    public string? Name { get; init; }

    /// <summary>The only account that it may be linked to; null: none.</summary>
    public string? AccountId { get; init; }

    /// <summary>The session in which that account was proved; set once.</summary>
    public string? SessionId { get; init; }

    /// <summary>The SHA-256 of what the letter holds, in hexadecimal; null when no letter can help.</summary>
    public string? MailProof { get; init; }

    /// <summary>The local address at which the browser goes on.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime ExpiresAt { get; init; }
}
