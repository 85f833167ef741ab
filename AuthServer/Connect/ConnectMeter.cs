using System.Diagnostics.Metrics;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>How requests for tokens end, for operators; without a client or a person.</summary>
internal sealed class ConnectMeter : IDisposable
{
    private const string ReuseDetected = "reuse_detected";

    private static readonly string[] Grants =
    [
        GrantTypes.AuthorizationCode,
        GrantTypes.ClientCredentials,
        GrantTypes.RefreshToken,
    ];

    private readonly Meter _meter;
    private readonly Counter<long> _requests;

    public ConnectMeter(IMeterFactory meters)
    {
        _meter = meters.Create("AuthServer.Connect");
        _requests = _meter.CreateCounter<long>(
            "authserver.token.requests",
            "{request}",
            "Answers of the token endpoint, by grant and outcome (issued, retried, refused, reuse_detected)."
        );
        // There from the beginning: an alert on the first of a kind needs the zero before it.
        _requests.Add(0, new("grant_type", GrantTypes.RefreshToken), new("outcome", ReuseDetected));
        _requests.Add(0, new("grant_type", GrantTypes.AuthorizationCode), new("outcome", ReuseDetected));
    }

    /// <summary>Tokens were given.</summary>
    /// <param name="grantType">As it was sent; one that we do not have counts as <c>other</c>.</param>
    /// <param name="isRetry">The answer of before was lost, and the same refresh token is given again.</param>
    public void Issued(string? grantType, bool isRetry) => Count(grantType, isRetry ? "retried" : "issued");

    /// <summary>None were given.</summary>
    /// <param name="grantType">As above.</param>
    /// <param name="isReuse">A code or refresh token came back after its use, and its family ended by it.</param>
    public void Refused(string? grantType, bool isReuse) =>
        Count(grantType, isReuse ? ReuseDetected : "refused");

    public void Dispose() => _meter.Dispose();

    private void Count(string? grantType, string outcome) =>
        _requests.Add(
            1,
            new("grant_type", Array.Find(Grants, known => known == grantType) ?? "other"),
            new("outcome", outcome)
        );
}
