using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Authentication;

namespace AuthServer.Accounts.External;

/// <summary>Lets in whom a provider vouches for.</summary>
internal sealed class FederatedSignIn(SessionCookie session, AuditLog audit)
{
    /// <summary>How such a session says that it began (<c>amr</c>); RFC 8176 has no word for it.</summary>
    public const string Method = "fed";

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    /// <summary>Signs in whoever is to be let in.</summary>
    /// <returns>The local address at which the browser goes on.</returns>
    public async Task<string> GoOnAsync(HttpContext http, Received received, string? returnUrl)
    {
        if (received.Account is { } account)
        {
            await http.SignOutAsync(Arrivals.Scheme);
            await LetInAsync(http, account);
            return ReturnUrl.OrHome(returnUrl);
        }

        return received.Verdict switch
        {
            Verdict.AskToConnect => "/account/external/connect",
            Verdict.IsConnected => "/account/logins",
            _ => "/account/external/next",
        };
    }

    /// <summary>
    /// Whether the account was proved here in the last five minutes: by its password or better; by a login at a provider
    /// only when it has no password.
    /// </summary>
    public static bool IsFresh(SignIn signIn, Account account, DateTimeOffset now) =>
        signIn.AuthenticatedAt + Freshness > now
        && (account.PasswordHash is null || signIn.Amr.Any(method => method != Method));

    /// <summary>
    /// Signs the account in at this browser. This is the one place where an account's own second factor will be asked for:
    /// what a provider asked of the person proves nothing of it.
    /// </summary>
    private async Task LetInAsync(HttpContext http, Account account)
    {
        audit.Record(AuditEvent.FederationLogin, accountId: account.Id);
        await session.SignInAsync(http, account, [Method]);
    }
}
