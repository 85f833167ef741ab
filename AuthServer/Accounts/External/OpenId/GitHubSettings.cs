using OpenIddict.Abstractions;
using OpenIddict.Client;
using static OpenIddict.Abstractions.OpenIddictConstants;
using Engine = OpenIddict.Client.WebIntegration.OpenIddictClientWebIntegrationSettings;
using Types = OpenIddict.Client.WebIntegration.OpenIddictClientWebIntegrationConstants.ProviderTypes;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>The section <c>External:GitHub</c>: an OAuth app there.</summary>
internal sealed class GitHubSettings : ProviderSettings
{
    public string ClientSecret { get; set; } = "";

    /// <summary>Where browsers are sent. This and the two below are for a stand-in, and refused in Production.</summary>
    public string AuthorizationEndpoint { get; set; } = "https://github.com/login/oauth/authorize";

    public string TokenEndpoint { get; set; } = "https://github.com/login/oauth/access_token";

    /// <summary>Who the user is; their addresses are one level below it.</summary>
    public string UserInformationEndpoint { get; set; } = "https://api.github.com/user";

    public override string Id => ProviderIds.GitHub;

    public Uri EmailsEndpoint => new($"{UserInformationEndpoint}/emails");

    public override ExternalProvider ToProvider() => new(Id, "GitHub", "https://github.com", Id);

    public override OpenIddictClientRegistration ToRegistration() =>
        new()
        {
            ProviderType = Types.GitHub,
            ProviderSettings = new Engine.GitHub(),
            // As it calls itself in its answers (RFC 9207).
            Issuer = new Uri("https://github.com/login/oauth"),
            ClientSecret = ClientSecret,
            Scopes = { "user:email" },
            Configuration = new OpenIddictConfiguration
            {
                AuthorizationEndpoint = new Uri(AuthorizationEndpoint),
                TokenEndpoint = new Uri(TokenEndpoint),
                UserInfoEndpoint = new Uri(UserInformationEndpoint),
                AuthorizationResponseIssParameterSupported = true,
                CodeChallengeMethodsSupported = { CodeChallengeMethods.Sha256 },
                GrantTypesSupported = { GrantTypes.AuthorizationCode },
                ResponseModesSupported = { ResponseModes.Query },
                ResponseTypesSupported = { ResponseTypes.Code },
                TokenEndpointAuthMethodsSupported = { ClientAuthenticationMethods.ClientSecretPost },
            },
        };

    public override string? Mistake(string section) =>
        Half(section, ClientId, nameof(ClientSecret), ClientSecret)
        ?? NoAddress(section, nameof(AuthorizationEndpoint), AuthorizationEndpoint)
        ?? NoAddress(section, nameof(TokenEndpoint), TokenEndpoint)
        ?? NoAddress(section, nameof(UserInformationEndpoint), UserInformationEndpoint);
}
