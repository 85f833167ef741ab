using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using Microsoft.AspNetCore.Authentication;

namespace AuthServer.Sessions;

/// <summary>
/// The value of the only successor that a refresh token can have in its family. It is derived, not stored, so that a retry is
/// answered with the same successor (256 bits, HMAC-SHA-256).
/// </summary>
internal sealed class Rotation(ServerSecrets secrets)
{
    public string SuccessorOf(string value, string familyId) =>
        Base64UrlTextEncoder.Encode(
            HMACSHA256.HashData(
                secrets.Get(ServerSecrets.RefreshRotation),
                Encoding.UTF8.GetBytes($"{familyId}\n{value}")
            )
        );
}
