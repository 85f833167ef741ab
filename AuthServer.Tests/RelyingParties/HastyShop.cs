namespace AuthServer.Tests.RelyingParties;

/// <summary>A shop whose access tokens live less than the minute before the end at which WebApp renews them.</summary>
public sealed class HastyShop()
    : Shop(new(StringComparer.Ordinal) { ["Tokens:AccessTokenLifetime"] = "00:00:50" });
