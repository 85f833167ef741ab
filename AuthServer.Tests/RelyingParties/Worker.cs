using System.Net.Http.Json;
using System.Text.Json.Nodes;
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
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = Id,
                ["client_secret"] = Secret,
                ["scope"] = scope,
            }
        );
        using var answer = await server.Http.PostAsync("connect/token", form);
        var tokens = await answer.Content.ReadFromJsonAsync<JsonObject>();
        return tokens?["access_token"]?.GetValue<string>()
            ?? throw new InvalidOperationException($"No token was given: {tokens}");
    }
}
