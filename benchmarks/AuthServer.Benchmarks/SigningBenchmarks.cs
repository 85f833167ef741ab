using AuthServer.Keys;
using BenchmarkDotNet.Attributes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Benchmarks;

/// <summary>An access token, signed with a key as the server makes it.</summary>
public class SigningBenchmarks
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private SecurityTokenDescriptor _token = new();

    [Params(SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256)]
    public string Algorithm { get; set; } = "";

    [GlobalSetup]
    public void MakeKey() =>
        _token = new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = "https://auth.example.org/",
            Audience = "orders-api",
            Claims = new Dictionary<string, object>
            {
                ["sub"] = "0198f3a0-6f0e-7c58-9d53-2f1c0e4d7b11",
                ["client_id"] = "web-app",
                ["scope"] = "openid offline_access orders.read",
                ["jti"] = "0198f3a0-6f0e-7c58-9d53-2f1c0e4d7b12",
                ["iat"] = 1_795_000_000L,
                ["exp"] = 1_795_000_900L,
            },
            SigningCredentials = KeyMaterial.ToSign("kid", Algorithm, KeyMaterial.Create(Algorithm)),
        };

    [Benchmark]
    public string Sign() => _handler.CreateToken(_token);
}
