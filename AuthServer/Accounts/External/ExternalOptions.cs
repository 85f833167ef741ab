using AuthServer.Accounts.External.OpenId;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts.External;

/// <summary>The section <c>External</c>: at whom else people may sign in.</summary>
internal sealed class ExternalOptions
{
    public GoogleSettings Google { get; set; } = new();

    public GitHubSettings GitHub { get; set; } = new();

    public MicrosoftSettings Microsoft { get; set; } = new();

    public AppleSettings Apple { get; set; } = new();

    /// <summary>Any other issuers of OpenID Connect.</summary>
    public List<OidcSettings> Oidc { get; set; } = [];

    /// <summary>Those that are set, in the order of their buttons, but for Google.</summary>
    public IEnumerable<ProviderSettings> Others =>
        new ProviderSettings[] { Microsoft, Apple, GitHub }
            .Concat(Oidc)
            .Where(provider => provider.IsOn);

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public string? Mistake() =>
        Google.Mistake()
        ?? GitHub.Mistake("External:GitHub")
        ?? Microsoft.Mistake("External:Microsoft")
        ?? Apple.Mistake("External:Apple")
        ?? Oidc.Select((provider, index) => provider.Mistake($"External:Oidc:{index}"))
            .FirstOrDefault(mistake => mistake is not null)
        ?? Oidc.GroupBy(provider => provider.Id, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group =>
                $"External:Oidc has '{group.Key}' more than once: give each of them a Name of its own."
            )
            .FirstOrDefault();
}

/// <summary>The section <c>External:Google</c>. Without a client id there is no button and no scheme.</summary>
internal sealed class GoogleSettings
{
    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>Where browsers are sent. This and the three below are for a stand-in, and refused in Production.</summary>
    public string AuthorizationEndpoint { get; set; } = "https://accounts.google.com/o/oauth2/v2/auth";

    public string TokenEndpoint { get; set; } = "https://oauth2.googleapis.com/token";

    public string UserInformationEndpoint { get; set; } = "https://openidconnect.googleapis.com/v1/userinfo";

    /// <summary>Where the keys are that sign ID tokens, as a JWK set.</summary>
    public string KeysEndpoint { get; set; } = "https://www.googleapis.com/oauth2/v3/certs";

    public bool IsOn => ClientId.Length > 0;

    /// <summary>What is wrong with these values; null when nothing is.</summary>
    public string? Mistake() =>
        this switch
        {
            { ClientId.Length: > 0, ClientSecret.Length: 0 } =>
                "External:Google:ClientSecret is missing: add the secret that belongs to the client id, or remove both.",
            { ClientId.Length: 0, ClientSecret.Length: > 0 } =>
                "External:Google:ClientId is missing: add the id that belongs to the client secret, or remove both.",
            _ when !IsAddress(AuthorizationEndpoint) => NoAddress(nameof(AuthorizationEndpoint)),
            _ when !IsAddress(TokenEndpoint) => NoAddress(nameof(TokenEndpoint)),
            _ when !IsAddress(UserInformationEndpoint) => NoAddress(nameof(UserInformationEndpoint)),
            _ when !IsAddress(KeysEndpoint) => NoAddress(nameof(KeysEndpoint)),
            _ => null,
        };

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    private static string NoAddress(string name) =>
        $"External:Google:{name} must be an https URL (or http on this machine): remove it to use Google's.";
}

/// <summary>Refuses to start with half of a provider's settings.</summary>
internal sealed class ExternalOptionsCheck : IValidateOptions<ExternalOptions>
{
    public ValidateOptionsResult Validate(string? name, ExternalOptions options) =>
        options.Mistake() is { } mistake
            ? ValidateOptionsResult.Fail(mistake)
            : ValidateOptionsResult.Success;
}
