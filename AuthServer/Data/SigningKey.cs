namespace AuthServer.Data;

/// <summary>A key of the ring: signing (RS256, ES256) or encryption (A256KW), private part protected by the master key.</summary>
internal sealed class SigningKey
{
    /// <summary>The <c>kid</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>RS256</c>, <c>ES256</c> or <c>A256KW</c>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The private key, sealed by <see cref="MasterKey"/> with the <c>kid</c> as associated data.</summary>
    public required byte[] Protected { get; init; }

    /// <summary>UTC; published from here on.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>UTC; signs from here on, until the next of its algorithm does.</summary>
    public required DateTime ActivatesAt { get; init; }

    /// <summary>UTC; set by an emergency revocation: neither signs nor verifies any more.</summary>
    public DateTime? RevokedAt { get; set; }
}
