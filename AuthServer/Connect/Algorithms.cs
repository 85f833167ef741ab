namespace AuthServer.Connect;

/// <summary>The signing algorithms, by who reads the token.</summary>
internal static class Algorithms
{
    /// <summary>Ten times faster than RSA; every current JWT library of an API takes it.</summary>
    public const string Default = "ES256";

    /// <summary>OpenID Connect Core §15.1 makes every client take this one, and some take no other.</summary>
    public const string Widest = "RS256";
}
