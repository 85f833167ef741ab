using System.Globalization;
using System.Security.Cryptography;
using AuthServer.Tests.Support;
using AuthServer.Tests.Support.Google;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Tests.Accounts.External.OpenId;

/// <summary>A server with stand-ins of GitHub, Microsoft and Apple.</summary>
public sealed class ProvidersServer : Server, IAsyncLifetime
{
    public const string Team = "TEAM123456";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ProvidersServer()
    {
        GitHub = new GitHubStandIn();
        Microsoft = new GoogleStandIn(Clock)
        {
            IssuerInMetadata = "https://login.microsoftonline.com/{tenantid}/v2.0",
        };
        Apple = new GoogleStandIn(Clock) { Issuer = "https://appleid.apple.com", Knows = IsSignedByUs };
    }

    public GitHubStandIn GitHub { get; }

    public GoogleStandIn Microsoft { get; }

    public GoogleStandIn Apple { get; }

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("Accounts:RequireConfirmedEmail", "true"),
            .. GitHub.Settings,
            new("External:Microsoft:ClientId", GoogleStandIn.ClientId),
            new("External:Microsoft:ClientSecret", GoogleStandIn.ClientSecret),
            new("External:Microsoft:MetadataEndpoint", Microsoft.MetadataAddress),
            new("External:Apple:ClientId", GoogleStandIn.ClientId),
            new("External:Apple:TeamId", Team),
            new("External:Apple:KeyId", "KEY1234567"),
            new("External:Apple:PrivateKey", _key.ExportPkcs8PrivateKeyPem()),
            new("External:Apple:MetadataEndpoint", Apple.MetadataAddress),
        ];

    async Task IAsyncLifetime.InitializeAsync()
    {
        await Task.WhenAll(GitHub.StartAsync(), Microsoft.StartAsync(), Apple.StartAsync());
        await InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await GitHub.DisposeAsync();
        await Microsoft.DisposeAsync();
        await Apple.DisposeAsync();
        _key.Dispose();
    }

    // What Apple wants of a client secret.
    private bool IsSignedByUs(string secret)
    {
        var result = new JsonWebTokenHandler()
            .ValidateTokenAsync(
                secret,
                new TokenValidationParameters
                {
                    IssuerSigningKey = new ECDsaSecurityKey(_key) { KeyId = "KEY1234567" },
                    ValidIssuer = Team,
                    ValidAudience = "https://appleid.apple.com",
                    LifetimeValidator = (_, expires, _, _) => expires is not null,
                }
            )
            .GetAwaiter()
            .GetResult();
        return result.IsValid
            && string.Equals(
                Convert.ToString(result.Claims["sub"], CultureInfo.InvariantCulture),
                GoogleStandIn.ClientId,
                StringComparison.Ordinal
            );
    }
}
