namespace AuthServer.Data;

/// <summary>
/// What OpenIddict has no field for, kept in <c>Application.Properties</c> and <c>Scope.Properties</c>: the words
/// that Clients writes and Connect reads.
/// </summary>
internal static class ClientProperties
{
    /// <summary>Boolean: profile and e-mail claims stand in the ID token too.</summary>
    public const string UserClaimsInIdToken = "user_claims_in_id_token";

    /// <summary>String: the algorithm of the client's ID tokens (client) or of the API's access tokens (scope).</summary>
    public const string SigningAlgorithm = "signing_algorithm";
}
