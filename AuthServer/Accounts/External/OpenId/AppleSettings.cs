using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Client;
using static OpenIddict.Abstractions.OpenIddictConstants;
using Engine = OpenIddict.Client.WebIntegration.OpenIddictClientWebIntegrationSettings;
using Types = OpenIddict.Client.WebIntegration.OpenIddictClientWebIntegrationConstants.ProviderTypes;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>The section <c>External:Apple</c>: a services id, and the key that signs for it in place of a secret.</summary>
internal sealed class AppleSettings : ProviderSettings
{
    public string TeamId { get; set; } = "";

    public string KeyId { get; set; } = "";

    /// <summary>The key as PEM, as Apple gives it in a file; or else the next.</summary>
    public string PrivateKey { get; set; } = "";

    /// <summary>The path of that file.</summary>
    public string PrivateKeyFile { get; set; } = "";

    /// <summary>Where its metadata are; for a stand-in, and refused in Production.</summary>
    public string MetadataEndpoint { get; set; } = "";

    public override string Id => ProviderIds.Apple;

    public override ExternalProvider ToProvider() => new(Id, "Apple", "https://appleid.apple.com", Id);

    public override OpenIddictClientRegistration ToRegistration() =>
        new()
        {
            ProviderType = Types.Apple,
            ProviderSettings = new Engine.Apple
            {
                TeamId = TeamId,
                SigningKey = new ECDsaSecurityKey(Key()) { KeyId = KeyId },
            },
            Issuer = new Uri("https://appleid.apple.com/"),
            ConfigurationEndpoint = MetadataEndpoint.Length > 0 ? new Uri(MetadataEndpoint) : null,
            // The name comes beside the answer, where anybody could write it: it is not asked for.
            Scopes = { "openid", "email" },
            ResponseModes = { ResponseModes.FormPost },
        };

    public override string? Mistake(string section) =>
        this switch
        {
            { ClientId.Length: 0 } => TeamId.Length + KeyId.Length + PrivateKey.Length + PrivateKeyFile.Length
            == 0
                ? null
                : $"{section}:ClientId is missing: write your services id, or remove the section.",
            { TeamId.Length: 0 } => $"{section}:TeamId is missing: write the id of your team at Apple.",
            { KeyId.Length: 0 } => $"{section}:KeyId is missing: write the id of the key that signs for you.",
            { PrivateKey.Length: 0, PrivateKeyFile.Length: 0 }
            or { PrivateKey.Length: > 0, PrivateKeyFile.Length: > 0 } =>
                $"{section}:PrivateKeyFile or PrivateKey is needed, and not both: write the path of the .p8 file from Apple.",
            _ when !HasKey() =>
                $"{section}:{(PrivateKey.Length > 0 ? nameof(PrivateKey) : nameof(PrivateKeyFile))} is not a private key of the curve P-256 as PEM: use the .p8 file from Apple as it is.",
            _ => MetadataEndpoint.Length == 0
                ? null
                : NoAddress(section, nameof(MetadataEndpoint), MetadataEndpoint),
        };

    private bool HasKey()
    {
        try
        {
            using var key = Key();
            return key.KeySize == 256 && key.ExportParameters(includePrivateParameters: true).D is not null;
        }
        catch (Exception failure)
            when (failure
                    is ArgumentException
                        or CryptographicException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            return false;
        }
    }

    private ECDsa Key()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(PrivateKey.Length > 0 ? PrivateKey : File.ReadAllText(PrivateKeyFile));
        return key;
    }
}
