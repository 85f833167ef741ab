namespace AuthServer.Accounts.External.OpenId;

/// <summary>The ids of the providers that have a section of their own.</summary>
internal static class ProviderIds
{
    public const string GitHub = "github";
    public const string Microsoft = "microsoft";
    public const string Apple = "apple";

    public static readonly IReadOnlyList<string> All = ["google", GitHub, Microsoft, Apple];
}
