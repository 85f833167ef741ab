namespace AuthServer.Data;

/// <summary>A key of the ring: signing (RS256, ES256) or encryption (A256KW), private part protected by the master key.</summary>
internal sealed class SigningKey
{
    /// <summary>The <c>kid</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>RS256</c>, <c>ES256</c> or <c>A256KW</c>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The private key, sealed by <see cref="MasterKey"/> under <see cref="SealOf"/>.</summary>
    public required byte[] Protected { get; set; }

    /// <summary>UTC; published from here on.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>UTC; signs from here on, until the next of its algorithm does.</summary>
    public required DateTime ActivatesAt { get; init; }

    /// <summary>UTC; set by an emergency revocation: neither signs nor verifies any more.</summary>
    public DateTime? RevokedAt { get; set; }

    /// <summary>The name under which the key of this <c>kid</c> is sealed, so that none can take the place of another.</summary>
    public static string SealOf(string kid) => $"signing-key:{kid}";
}
