using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Authentication;

namespace AuthServer.Accounts.External;

/// <summary>Lets in whom a provider vouches for.</summary>
internal sealed class FederatedSignIn(SessionCookie session, AuditLog audit, AccountsMeter meter)
{
    /// <summary>Signs in whoever is to be let in.</summary>
    /// <returns>The local address at which the browser goes on.</returns>
    public async Task<string> GoOnAsync(HttpContext http, Received received, string? returnUrl)
    {
        if (received.Verdict is not (Verdict.AskToConnect or Verdict.IsConnected))
        {
            meter.CameFromProvider(isLetIn: received.Account is not null);
        }

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
    /// Signs the account in at this browser. This is the one place where an account's own second factor will be asked for:
    /// what a provider asked of the person proves nothing of it.
    /// </summary>
    private async Task LetInAsync(HttpContext http, Account account)
    {
        audit.Record(AuditEvent.FederationLogin, accountId: account.Id);
        await session.SignInAsync(http, account, [FreshSignIn.Federated]);
    }
}
