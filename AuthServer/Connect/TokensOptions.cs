namespace AuthServer.Connect;

/// <summary>The section <c>Tokens</c>: how long what we give stays good.</summary>
internal sealed class TokensOptions
{
    /// <summary>Up to an hour: an API that validates on its own honours an access token until then.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>A refresh token unused for this long is dead.</summary>
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Counted from the sign-in: after it no refresh, however busy.</summary>
    public TimeSpan RefreshTokenAbsoluteLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long after its use a refresh token may be presented again, while its successor is unused, by a client
    /// whose answer was lost. Up to a minute.
    /// </summary>
    public TimeSpan RefreshTokenGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Up to a minute.</summary>
    public TimeSpan AuthorizationCodeLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What is wrong with these values; null when nothing is.</summary>
    public string? Mistake() =>
        this switch
        {
            _ when !IsWithin(AccessTokenLifetime, TimeSpan.FromHours(1)) =>
                "Tokens:AccessTokenLifetime must be between a second and an hour.",
            _ when !IsWithin(AuthorizationCodeLifetime, TimeSpan.FromMinutes(1)) =>
                "Tokens:AuthorizationCodeLifetime must be between a second and a minute.",
            _ when !IsWithin(RefreshTokenAbsoluteLifetime, TimeSpan.FromDays(90)) =>
                "Tokens:RefreshTokenAbsoluteLifetime must be between a second and 90 days.",
            _ when !IsWithin(RefreshTokenLifetime, RefreshTokenAbsoluteLifetime) =>
                "Tokens:RefreshTokenLifetime must be at least a second and not longer than Tokens:RefreshTokenAbsoluteLifetime.",
            _ when RefreshTokenGrace < TimeSpan.Zero || RefreshTokenGrace > TimeSpan.FromMinutes(1) =>
                "Tokens:RefreshTokenGrace must be between zero and a minute.",
            _ => null,
        };

    private static bool IsWithin(TimeSpan value, TimeSpan most) =>
        value >= TimeSpan.FromSeconds(1) && value <= most;
}
