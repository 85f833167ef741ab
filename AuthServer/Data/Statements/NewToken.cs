namespace AuthServer.Data.Statements;

/// <summary>A token that is about to be given, as its row will keep it.</summary>
internal sealed record NewToken
{
    public required string Id { get; init; }

    /// <summary>The row of the client.</summary>
    public required string? ApplicationId { get; init; }

    /// <summary>The row of the family; none for a token that speaks for the client itself.</summary>
    public required string? FamilyId { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime? CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime? ExpiresAt { get; init; }

    public required string? Subject { get; init; }

    /// <summary>As the engine names it: <c>urn:ietf:params:oauth:token-type:refresh_token</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What stands behind a token that is looked up by its value.</summary>
    public string? Payload { get; set; }

    /// <summary>SHA-256 of such a value, in Base64.</summary>
    public string? ReferenceId { get; set; }
}
