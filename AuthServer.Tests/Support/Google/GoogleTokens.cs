using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Tests.Support.Google;

/// <summary>Signs the ID tokens of the stand-in of Google, well or as a fault wants it.</summary>
internal sealed class GoogleTokens(TimeProvider clock)
{
    private readonly RsaSecurityKey _key = NewKey("standin-key");

    // Another key under the name of the published one, and one under a name of its own.
    private readonly RsaSecurityKey _forged = NewKey("standin-key");
    private readonly RsaSecurityKey _unknown = NewKey("unknown-key");

    public IResult Keys()
    {
        var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(_key);
        return Results.Json(
            new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "RSA",
                        use = "sig",
                        alg = "RS256",
                        kid = jwk.Kid,
                        n = jwk.N,
                        e = jwk.E,
                    },
                },
            }
        );
    }

    public Dictionary<string, object> Answer(string accessToken, GoogleStandIn.Grant grant)
    {
        var answer = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["access_token"] = accessToken,
            ["token_type"] = "Bearer",
            ["expires_in"] = 3599,
        };
        if (grant.Fault != GoogleFault.NoIdToken)
        {
            answer["id_token"] = grant.Fault == GoogleFault.BrokenIdToken ? "a.b.c" : Sign(grant);
        }

        return answer;
    }

    private string Sign(GoogleStandIn.Grant grant) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Claims = Claims(grant),
                SigningCredentials = Credentials(grant.Fault),
            }
        );

    private SigningCredentials? Credentials(GoogleFault fault) =>
        fault switch
        {
            GoogleFault.AlgNone => null,
            GoogleFault.BadSignature => new(_forged, SecurityAlgorithms.RsaSha256),
            GoogleFault.OtherKey => new(_unknown, SecurityAlgorithms.RsaSha256),
            GoogleFault.SignedWithClientSecret => new(
                new SymmetricSecurityKey(System.Text.Encoding.UTF8.GetBytes(GoogleStandIn.ClientSecret))
                {
                    KeyId = "standin-key",
                },
                SecurityAlgorithms.HmacSha256
            ),
            _ => new(_key, SecurityAlgorithms.RsaSha256),
        };

    private Dictionary<string, object> Claims(GoogleStandIn.Grant grant)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = grant.Issuer,
            ["azp"] = GoogleStandIn.ClientId,
            ["aud"] = GoogleStandIn.ClientId,
            ["sub"] = grant.Person.Subject,
            ["nonce"] = grant.Nonce,
            ["iat"] = now,
            ["exp"] = now + 3600,
            ["email"] = grant.Person.Email,
            ["email_verified"] = grant.Person.Verified,
            ["name"] = grant.Person.Name,
        };
        Spoil(claims, grant.Fault, now);
        return claims.Where(claim => claim.Value is not null).ToDictionary(c => c.Key, c => c.Value!);
    }

    private static void Spoil(Dictionary<string, object?> claims, GoogleFault fault, long now)
    {
        const int day = 24 * 60 * 60;
        switch (fault)
        {
            case GoogleFault.WrongAudience:
                claims["aud"] = "another.apps.googleusercontent.com";
                break;
            case GoogleFault.SecondAudience:
                claims["aud"] = new[] { GoogleStandIn.ClientId, "another.apps.googleusercontent.com" };
                break;
            case GoogleFault.WrongAuthorizedParty:
                claims["azp"] = "another.apps.googleusercontent.com";
                break;
            case GoogleFault.WrongNonce:
                claims["nonce"] = "another";
                break;
            case GoogleFault.NoNonce:
                claims["nonce"] = null;
                break;
            case GoogleFault.Expired:
                claims["exp"] = now - 120;
                break;
            case GoogleFault.NoExpiry:
                claims["exp"] = null;
                break;
            case GoogleFault.MadeTomorrow:
                (claims["iat"], claims["exp"]) = (now + day, now + day + day);
                break;
            case GoogleFault.MadeYesterday:
                claims["iat"] = now - day;
                break;
            case GoogleFault.OtherIssuer:
                claims["iss"] = "https://accounts.google.com.evil.example";
                break;
            case GoogleFault.IssuerWithoutScheme:
                claims["iss"] = "accounts.google.com";
                break;
            case GoogleFault.NoSubject:
                claims["sub"] = null;
                break;
        }
    }

    private static RsaSecurityKey NewKey(string id) => new(RSA.Create(2048)) { KeyId = id };
}
