using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Accounts;

/// <summary>
/// The tokens in the links that we mail: sealed, for one purpose and one account, dead after their time or when the
/// account's security stamp moves on. (Identity's own do the same, but by the machine's clock only.)
/// </summary>
internal sealed class LinkTokens(IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector _protector = protection.CreateProtector("AuthServer.Accounts.LinkTokens");

    /// <summary>Safe in a URL as it is.</summary>
    public string Make(string purpose, Account account, TimeSpan lifetime)
    {
        var expires = (clock.GetUtcNow() + lifetime).ToUnixTimeSeconds();
        var content = string.Create(CultureInfo.InvariantCulture, $"{expires}\n{Bound(purpose, account)}");
        return Base64Url.EncodeToString(_protector.Protect(Encoding.UTF8.GetBytes(content)));
    }

    /// <summary>False for what we did not make, for another purpose or account, and for what is dead.</summary>
    public bool IsGood(string purpose, Account account, string? token)
    {
        if (string.IsNullOrEmpty(token) || !Base64Url.IsValid(token))
        {
            return false;
        }

        try
        {
            var content = Encoding.UTF8.GetString(_protector.Unprotect(Base64Url.DecodeFromChars(token)));
            var end = content.IndexOf('\n', StringComparison.Ordinal);
            var expires = long.Parse(content.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture);
            return clock.GetUtcNow().ToUnixTimeSeconds() < expires
                && content[(end + 1)..] == Bound(purpose, account);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string Bound(string purpose, Account account) =>
        $"{purpose}\n{account.Id}\n{account.SecurityStamp}";
}
