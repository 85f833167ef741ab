using AuthServer.Tests.Support;

namespace AuthServer.Tests.RelyingParties;

/// <summary>A client of the shop that acts for itself.</summary>
internal static class Worker
{
    public const string Id = "worker";
    public const string Secret = "example-worker-secret-5e0d8b2f7a4c9613";

    /// <summary>An access token for <paramref name="scope"/>.</summary>
    public static async Task<string> TokenAsync(Server server, string scope)
    {
        var answer = await new RelyingParty(server, Id, "", Secret).ClientCredentialsAsync(("scope", scope));
        return answer["access_token"];
    }
}
