using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Bcrypt = BCrypt.Net.BCrypt;

namespace AuthServer.Accounts;

/// <summary>
/// Hashes passwords: NFKC, HMAC-SHA-384 under the server's pepper, base64, bcrypt. It is the one place where this
/// work is done, and a comparison always does all of it, whatever is stored.
/// </summary>
internal sealed class BcryptPasswordHasher(ServerSecrets secrets, IOptions<PasswordsOptions> options)
    : IPasswordHasher<Account>
{
    // Names the whole recipe with its pepper, so that another can follow beside it.
    private const string Scheme = "bcrypt-1:";

    private const int BcryptLength = 60;
    private static readonly SearchValues<char> BcryptAlphabet = SearchValues.Create(
        "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    );

    private int Cost => options.Value.BcryptCost;

    public string HashPassword(Account user, string password) =>
        Scheme + Bcrypt.HashPassword(PreHash(password), Cost);

    /// <summary>Anything that is not a hash of ours, the empty string among them, fails after the same work.</summary>
    public PasswordVerificationResult VerifyHashedPassword(
        Account user,
        string hashedPassword,
        string providedPassword
    )
    {
        var stored = Parse(hashedPassword);
        var isMatch = Bcrypt.Verify(PreHash(providedPassword), stored ?? NobodysHash());
        if (stored is null || !isMatch)
        {
            return PasswordVerificationResult.Failed;
        }

        return CostOf(stored) < Cost
            ? PasswordVerificationResult.SuccessRehashNeeded
            : PasswordVerificationResult.Success;
    }

    // bcrypt reads 72 bytes and stops at a NUL: 64 characters of base64 have neither trouble.
    private string PreHash(string password)
    {
        // What cannot be normalised was never accepted as a password, and so matches none.
        var text = PlainText.IsWellFormed(password) ? password.Normalize(NormalizationForm.FormKC) : password;
        var pepper = secrets.Get(ServerSecrets.PasswordPepper);
        return Convert.ToBase64String(HMACSHA384.HashData(pepper, Encoding.UTF8.GetBytes(text)));
    }

    private string NobodysHash() =>
        string.Create(CultureInfo.InvariantCulture, $"$2a${Cost:00}${new string('.', 53)}");

    // The library throws on what it cannot read, in several ways; so nothing of the kind reaches it.
    private static string? Parse(string stored)
    {
        if (!stored.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var hash = stored[Scheme.Length..];
        return
            hash.Length == BcryptLength
            && (
                hash.StartsWith("$2a$", StringComparison.Ordinal)
                || hash.StartsWith("$2b$", StringComparison.Ordinal)
            )
            && char.IsAsciiDigit(hash[4])
            && char.IsAsciiDigit(hash[5])
            && CostOf(hash) is >= 4 and <= 31
            && hash[6] == '$'
            && hash.AsSpan(7).IndexOfAnyExcept(BcryptAlphabet) < 0
            ? hash
            : null;
    }

    private static int CostOf(string hash) =>
        int.Parse(hash.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture);
}
