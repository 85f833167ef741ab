using Microsoft.AspNetCore.Identity;

namespace AuthServer.Accounts;

/// <summary>Tells Identity our one canonical form, which is also the user name's.</summary>
internal sealed class EmailNormalizer : ILookupNormalizer
{
    public string? NormalizeEmail(string? email) => Normalize(email);

    public string? NormalizeName(string? name) => Normalize(name);

    // What is not an address finds nobody: every stored form is the canonical one of an address.
    private static string? Normalize(string? text) =>
        EmailAddress.TryParse(text, out var address) ? address.Canonical : text?.ToUpperInvariant();
}
