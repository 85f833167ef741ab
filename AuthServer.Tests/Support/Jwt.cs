using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Support;

/// <summary>Reads a token as anybody can, without checking it.</summary>
internal static class Jwt
{
    public static JsonNode Header(string token) => Part(token, 0);

    public static JsonNode Payload(string token) => Part(token, 1);

    private static JsonNode Part(string token, int index) =>
        JsonNode.Parse(WebEncoders.Base64UrlDecode(token.Split('.')[index]))!;
}
