using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Accounts;

/// <summary>
/// The tokens in the links that we mail: sealed, for one purpose and one account, dead after a day or when the
/// account's security stamp moves on. (Identity's own provider does the same, but by the machine's clock only.)
/// </summary>
internal sealed class LinkTokens(IDataProtectionProvider protection, TimeProvider clock)
    : IUserTwoFactorTokenProvider<Account>
{
    public const string ProviderName = "link";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly IDataProtector _protector = protection.CreateProtector("AuthServer.Accounts.LinkTokens");

    /// <summary>Safe in a URL as it is.</summary>
    public Task<string> GenerateAsync(string purpose, UserManager<Account> manager, Account user)
    {
        var expires = (clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds();
        var content = string.Create(CultureInfo.InvariantCulture, $"{expires}\n{Bound(purpose, user)}");
        return Task.FromResult(Base64Url.EncodeToString(_protector.Protect(Encoding.UTF8.GetBytes(content))));
    }

    public Task<bool> ValidateAsync(
        string purpose,
        string token,
        UserManager<Account> manager,
        Account user
    ) => Task.FromResult(IsValid(purpose, token, user));

    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<Account> manager, Account user) =>
        Task.FromResult(false);

    private bool IsValid(string purpose, string token, Account user)
    {
        if (!Base64Url.IsValid(token))
        {
            return false;
        }

        try
        {
            var content = Encoding.UTF8.GetString(_protector.Unprotect(Base64Url.DecodeFromChars(token)));
            var end = content.IndexOf('\n', StringComparison.Ordinal);
            var expires = long.Parse(content.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture);
            return clock.GetUtcNow().ToUnixTimeSeconds() < expires
                && content[(end + 1)..] == Bound(purpose, user);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string Bound(string purpose, Account user) =>
        $"{purpose}\n{user.Id}\n{user.SecurityStamp}";
}
