using OpenIddict.Client;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>What the settings of all providers have in common. Without a client id there is no button and no scheme.</summary>
internal abstract class ProviderSettings
{
    public string ClientId { get; set; } = "";

    public virtual bool IsOn => ClientId.Length > 0;

    /// <summary>The provider's id, which is the last part of its callback.</summary>
    public abstract string Id { get; }

    public abstract ExternalProvider ToProvider();

    /// <summary>What the engine needs to know beside client id, callback and name.</summary>
    public abstract OpenIddictClientRegistration ToRegistration();

    /// <summary>What is wrong with these values; null when nothing is.</summary>
    /// <param name="section">Where they stand.</param>
    public abstract string? Mistake(string section);

    /// <summary>What is wrong with a client id and a secret, of which one is nothing without the other.</summary>
    protected static string? Half(string section, string clientId, string name, string secret) =>
        (clientId.Length, secret.Length) switch
        {
            (> 0, 0) =>
                $"{section}:{name} is missing: add the secret that belongs to the client id, or remove both.",
            (0, > 0) =>
                $"{section}:ClientId is missing: add the id that belongs to the client secret, or remove both.",
            _ => null,
        };

    /// <summary>What is wrong with an address of a stand-in.</summary>
    protected static string? NoAddress(string section, string name, string text) =>
        IsAddress(text)
            ? null
            : $"{section}:{name} must be an https URL (or http on this machine): remove it to use the provider's own.";

    /// <summary>Whether we may talk to it: https, or http on this machine.</summary>
    protected static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.UserInfo.Length == 0
        && uri.Fragment.Length == 0;
}
