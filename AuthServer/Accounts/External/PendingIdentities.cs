using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts.External;

/// <summary>
/// Keeps identities that open nothing yet. The browser holds one half of the proof, in the cookie of
/// <see cref="Arrivals"/>; a row is used once, by one conditional statement.
/// </summary>
internal sealed class PendingIdentities(AuthDb db, TimeProvider clock)
{
    private const string Held = "pending";

    /// <summary>Adds the row to the unit of work, in the place of an older one of the same identity, and gives the browser its half.</summary>
    /// <returns>The other half, for a letter.</returns>
    public async Task<string> KeepAsync(
        HttpContext http,
        ExternalIdentity identity,
        string? accountId,
        bool isForMail,
        string? returnUrl
    )
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await db
            .PendingIdentities.Where(row =>
                row.ExpiresAt <= now || (row.Issuer == identity.Issuer && row.Subject == identity.Subject)
            )
            .ExecuteDeleteAsync(http.RequestAborted);

        var (browser, letter) = (NewSecret(), NewSecret());
        db.PendingIdentities.Add(
            new PendingIdentity
            {
                Id = HashOf(browser),
                Issuer = identity.Issuer,
                Subject = identity.Subject,
                Provider = identity.Provider,
                Email = identity.Email,
                IsEmailVerified = identity.EmailVerified,
                Name = identity.Name,
                AccountId = accountId,
                MailProof = isForMail ? HashOf(letter) : null,
                ReturnUrl = returnUrl,
                ExpiresAt = now + Arrivals.Lifetime,
            }
        );
        var half = new ClaimsIdentity([new Claim(Held, browser)], Arrivals.Scheme);
        await http.SignInAsync(Arrivals.Scheme, new ClaimsPrincipal(half));
        return letter;
    }

    /// <summary>What waits in this browser; null when nothing does any more.</summary>
    public async Task<PendingIdentity?> FindAsync(HttpContext http)
    {
        var arrived = await http.AuthenticateAsync(Arrivals.Scheme);
        if (arrived.Principal?.FindFirstValue(Held) is not { } browser)
        {
            return null;
        }

        var id = HashOf(browser);
        var now = clock.GetUtcNow().UtcDateTime;
        return await db
            .PendingIdentities.AsNoTracking()
            .FirstOrDefaultAsync(row => row.Id == id && row.ExpiresAt > now, http.RequestAborted);
    }

    /// <summary>Whether the letter's half belongs to it.</summary>
    public static bool IsProvedBy(PendingIdentity pending, string? letter) =>
        pending.MailProof is { } proof && letter is { Length: > 0 and < 100 } && proof == HashOf(letter);

    /// <summary>
    /// Binds it to the session in which its account was proved; false when it is no account's or another's, or was bound to
    /// another session.
    /// </summary>
    public async Task<bool> TryBindAsync(
        PendingIdentity pending,
        SignIn signIn,
        CancellationToken cancellation
    ) =>
        await db
            .PendingIdentities.Where(row => row.Id == pending.Id && row.AccountId == signIn.AccountId)
            .Where(row => row.SessionId == null || row.SessionId == signIn.SessionId)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.SessionId, signIn.SessionId), cancellation)
        == 1;

    /// <summary>Uses it up, for the session that it is bound to; false when somebody was faster. Inside the caller's transaction.</summary>
    public async Task<bool> TryUseAsync(
        PendingIdentity pending,
        string? sessionId,
        CancellationToken cancellation
    )
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return await db
                .PendingIdentities.Where(row => row.Id == pending.Id && row.ExpiresAt > now)
                .Where(row => row.SessionId == sessionId)
                .ExecuteDeleteAsync(cancellation) == 1;
    }

    public static ExternalIdentity IdentityOf(PendingIdentity pending) =>
        new(
            pending.Issuer,
            pending.Subject,
            pending.Email,
            pending.IsEmailVerified,
            pending.Name,
            pending.Provider
        );

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static string HashOf(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
