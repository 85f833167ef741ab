namespace AuthServer.Clients;

/// <summary>One API as written in the configuration: an entry of the list <c>Apis</c>.</summary>
internal sealed class ApiSettings
{
    /// <summary>The <c>aud</c> of access tokens that carry one of its scopes.</summary>
    public string Name { get; set; } = "";

    /// <summary>What clients may be granted at it; a scope belongs to one API.</summary>
    public List<string> Scopes { get; set; } = [];

    /// <summary>What signs its access tokens: <c>ES256</c>, or <c>RS256</c> for an API that cannot verify that.</summary>
    public string SigningAlgorithm { get; set; } = "ES256";
}
