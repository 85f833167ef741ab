using System.Text.RegularExpressions;
using OpenIddict.Client;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>One of the list <c>External:Oidc</c>: an issuer of OpenID Connect, known by its metadata.</summary>
internal sealed partial class OidcSettings : ProviderSettings
{
    /// <summary>The issuer: an https URL, under which its <c>.well-known/openid-configuration</c> is.</summary>
    public string Authority { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>What the button says after "Continue with"; 1 to 50 characters.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>The last part of the callback; made of <see cref="DisplayName"/> when it is empty.</summary>
    public string Name { get; set; } = "";

    // An entry of the list is always meant.
    public override bool IsOn => true;

    public override string Id =>
        Name.Length > 0 ? Name : NoLetters().Replace(DisplayName.ToLowerInvariant(), "-").Trim('-');

    public override ExternalProvider ToProvider() => new(Id, DisplayName, new Uri(Authority).AbsoluteUri, Id);

    public override OpenIddictClientRegistration ToRegistration() =>
        new()
        {
            Issuer = new Uri(Authority),
            ClientSecret = ClientSecret,
            Scopes = { "openid", "profile", "email" },
        };

    public override string? Mistake(string section) =>
        this switch
        {
            _ when !IsAddress(Authority) || new Uri(Authority).Query.Length > 0 =>
                $"{section}:Authority is '{Authority}': write the issuer as its metadata tell it, an https URL without a query, such as 'https://login.example.com/'.",
            { ClientId.Length: 0 } =>
                $"{section}:ClientId is missing: write the id that the provider gave to you.",
            { ClientSecret.Length: 0 } =>
                $"{section}:ClientSecret is missing: write the secret that the provider gave to you.",
            _ when DisplayName.Trim() != DisplayName || DisplayName.Length is < 1 or > 50 =>
                $"{section}:DisplayName must have 1 to 50 characters: write what the button is to say after 'Continue with'.",
            _ when !Slug().IsMatch(Id) =>
                $"{section}:Name is '{Id}': write 1 to 50 characters of a to z, 0 to 9 and '-', the last part of the callback.",
            _ when ProviderIds.All.Contains(Id, StringComparer.Ordinal) =>
                $"{section}:Name '{Id}' belongs to a provider with a section of its own: use that, or write another name.",
            _ => null,
        };

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex NoLetters();

    [GeneratedRegex("^[a-z0-9](?:[a-z0-9-]{0,49})$", RegexOptions.NonBacktracking)]
    private static partial Regex Slug();
}
