using OpenIddict.Client;
using Engine = OpenIddict.Client.WebIntegration.OpenIddictClientWebIntegrationSettings;
using Types = OpenIddict.Client.WebIntegration.OpenIddictClientWebIntegrationConstants.ProviderTypes;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>
/// The section <c>External:Microsoft</c>: an app registration in Entra. Microsoft never says that an address is verified,
/// so each one is proved by a letter.
/// </summary>
internal sealed class MicrosoftSettings : ProviderSettings
{
    private const string Home = "https://login.microsoftonline.com/";

    private static readonly string[] Several = ["common", "organizations", "consumers"];

    public string ClientSecret { get; set; } = "";

    /// <summary>Whose people may come: the GUID of one directory, <c>organizations</c>, <c>consumers</c>, or <c>common</c> for all.</summary>
    public string Tenant { get; set; } = "common";

    /// <summary>Where its metadata are; for a stand-in, and refused in Production.</summary>
    public string MetadataEndpoint { get; set; } = "";

    public override string Id => ProviderIds.Microsoft;

    private bool HasSeveralIssuers => Several.Contains(Tenant, StringComparer.Ordinal);

    public override ExternalProvider ToProvider() =>
        new(Id, "Microsoft", $"{Home}{(HasSeveralIssuers ? ExternalProvider.AnyTenant : Tenant)}/v2.0", Id);

    public override OpenIddictClientRegistration ToRegistration() =>
        new()
        {
            ProviderType = Types.Microsoft,
            ProviderSettings = new Engine.Microsoft { Tenant = Tenant },
            Issuer = new Uri($"{Home}{Tenant}/v2.0"),
            ConfigurationEndpoint = MetadataEndpoint.Length > 0 ? new Uri(MetadataEndpoint) : null,
            ClientSecret = ClientSecret,
            Scopes = { "openid", "profile", "email" },
        };

    public override string? Mistake(string section) =>
        Half(section, ClientId, nameof(ClientSecret), ClientSecret)
        ?? (
            HasSeveralIssuers || Guid.TryParseExact(Tenant, "D", out _)
                ? null
                : $"{section}:Tenant is '{Tenant}': write common, organizations, consumers, or the GUID of your directory in lower case."
        )
        ?? (
            MetadataEndpoint.Length == 0
                ? null
                : NoAddress(section, nameof(MetadataEndpoint), MetadataEndpoint)
        );
}
