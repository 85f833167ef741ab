namespace AuthServer.Data;

/// <summary>One sign-in of one account in one browser; <c>Id</c> is the <c>sid</c> of ID tokens.</summary>
internal sealed class Session
{
    public required string Id { get; init; }

    public required string AccountId { get; init; }

    public Account? Account { get; init; }

    /// <summary>The account's stamp at sign-in: when the account's moves on, this session is over.</summary>
    public required string SecurityStamp { get; init; }

    /// <summary>UTC; the <c>auth_time</c> of tokens.</summary>
    public required DateTime AuthenticatedAt { get; init; }

    /// <summary>UTC, exact to a few minutes.</summary>
    public DateTime LastSeenAt { get; set; }

    /// <summary>UTC; the absolute end, whatever the activity.</summary>
    public required DateTime ExpiresAt { get; init; }

    /// <summary>UTC; set once, when it was ended. Families of refresh tokens that hang on it are dead from then on.</summary>
    public DateTime? EndedAt { get; set; }

    /// <summary>How the person proved who they are, space separated (RFC 8176).</summary>
    public required string Amr { get; init; }

    public string? Address { get; init; }

    public string? UserAgent { get; init; }
}
