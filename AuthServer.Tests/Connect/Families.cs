using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Connect;

/// <summary>What the server remembers of a family.</summary>
internal static class Families
{
    private const string RefreshToken = "urn:ietf:params:oauth:token-type:refresh_token";

    /// <summary>How many refresh tokens of the family of these tokens would be honoured now.</summary>
    public static Task<int> CountLiveLeavesAsync(this Server server, Answer tokens)
    {
        var family = Jwt.Payload(tokens["access_token"])["oi_au_id"]!.ToString();
        return server.WithDbAsync(db =>
            db.Tokens.CountAsync(token =>
                token.Authorization!.Id == family
                && token.Authorization.Status == "valid"
                && token.Type == RefreshToken
                && token.Status == "valid"
            )
        );
    }

    /// <summary>Whether the API that the token is meant for is told that it is good.</summary>
    public static async Task<bool> IsActiveAsync(this Server server, string token) =>
        (await RelyingParty.OrdersApi(server).IntrospectAsync(token)).Json.GetProperty("active").GetBoolean();
}
