using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Accounts;

/// <summary>
/// Remembers in a browser which accounts have signed in with it, so that whoever attacks an account does not lock its
/// owner out. It opens nothing: the password is asked all the same. A password change makes it worthless.
/// </summary>
internal sealed class TrustedDevice(IDataProtectionProvider protection, Issuer issuer, TimeProvider clock)
{
    private const int MostAccounts = 5;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private readonly IDataProtector _protector = protection.CreateProtector(
        "AuthServer.Accounts.TrustedDevice"
    );

    private string Cookie => issuer.IsSecure ? "__Host-device" : "device";

    /// <summary>What this browser is to the account; null for a browser that the account does not know, and for nobody's account.</summary>
    public string? IdFor(HttpContext http, Account? account) =>
        account is null ? null : Read(http).Find(entry => IsOf(entry, account))?.Device;

    /// <summary>Remembers the account here for 90 days, in the place of the one that was not here for longest.</summary>
    public void Remember(HttpContext http, Account account)
    {
        var others = Read(http);
        var device =
            others.Find(entry => IsOf(entry, account))?.Device
            ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var entries = others
            .Where(entry => entry.Account != account.Id)
            .Prepend(new Entry(account.Id, device, StampOf(account), clock.GetUtcNow() + Lifetime))
            .Take(MostAccounts);
        var value = _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(entries));
        http.Response.Cookies.Append(
            Cookie,
            Base64Url.EncodeToString(value),
            new CookieOptions
            {
                HttpOnly = true,
                Secure = issuer.IsSecure,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                MaxAge = Lifetime,
                IsEssential = true,
            }
        );
    }

    private List<Entry> Read(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } value || !Base64Url.IsValid(value))
        {
            return [];
        }

        try
        {
            var entries = JsonSerializer.Deserialize<List<Entry>>(
                _protector.Unprotect(Base64Url.DecodeFromChars(value))
            )!;
            return entries.FindAll(entry => entry.Expires > clock.GetUtcNow());
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    private static bool IsOf(Entry entry, Account account) =>
        entry.Account == account.Id && entry.Stamp == StampOf(account);

    // The stamp moves with the password, and is nobody else's business.
    private static string StampOf(Account account) =>
        Base64Url.EncodeToString(
            SHA256.HashData(Encoding.UTF8.GetBytes(account.SecurityStamp ?? "")).AsSpan(0, 16)
        );

    private sealed record Entry(string Account, string Device, string Stamp, DateTimeOffset Expires);
}
