using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Language;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace AuthServer.Sessions;

/// <summary>The browser's half of a session. The row decides: a cookie whose session has ended is worth nothing.</summary>
internal sealed class SessionCookie(AuthDb db, SessionRegistry sessions, AuditLog audit, TimeProvider clock)
{
    /// <summary>
    /// Signs the account in at this browser under a new session id, and ends the session that the browser had
    /// before. Saves the unit of work.
    /// </summary>
    /// <param name="http">The browser's request.</param>
    /// <param name="account">Who.</param>
    /// <param name="amr">How they proved it (RFC 8176).</param>
    /// <param name="provedAt">When they did, if not just now.</param>
    public async Task SignInAsync(
        HttpContext http,
        Account account,
        IReadOnlyList<string> amr,
        DateTimeOffset? provedAt = null
    )
    {
        var previous = SignIn.From((await http.AuthenticateAsync(SignIn.Scheme)).Principal);
        var session = sessions.Open(account, amr, http, provedAt);
        // The turn before any row: whoever changes the account at this moment takes them in this order.
        await using var transaction = await db.BeginAsync(Turn.Sessions, http.RequestAborted);
        await db.SaveChangesAsync(http.RequestAborted);
        if (previous is not null)
        {
            await sessions.ReplaceAsync(previous.SessionId, session, http.RequestAborted);
        }

        await transaction.CommitAsync(http.RequestAborted);

        var proved = new DateTimeOffset(session.AuthenticatedAt);
        await IssueAsync(http, new SignIn(account.Id, session.Id, proved, clock.GetUtcNow(), amr));
        LanguageCookie.Remember(http, account);
    }

    /// <summary>Notes that the person picked the account that is signed in (<c>prompt=select_account</c>).</summary>
    public Task ChooseAsync(HttpContext http, SignIn signIn) =>
        IssueAsync(http, signIn with { ChosenAt = clock.GetUtcNow() });

    /// <summary>Ends the browser's session and drops its cookie; nothing happens when there is none.</summary>
    public async Task SignOutAsync(HttpContext http, string reason)
    {
        var signIn = SignIn.From((await http.AuthenticateAsync(SignIn.Scheme)).Principal);
        if (signIn is not null)
        {
            // Saved together with the end of the session.
            audit.Record(
                AuditEvent.Logout,
                accountId: signIn.AccountId,
                sessionId: signIn.SessionId,
                reason: reason
            );
            await sessions.EndAsync(signIn.SessionId, reason, http.RequestAborted);
        }

        await http.SignOutAsync(SignIn.Scheme);
    }

    /// <summary>Drops the cookie of a session that is gone with its account.</summary>
    public static Task ForgetAsync(HttpContext http) => http.SignOutAsync(SignIn.Scheme);

    /// <summary>Asked by the cookie handler at every request: the cookie is honoured only while its session lives.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<LiveSessions>();
        if (
            SignIn.From(context.Principal) is not { } signIn
            || !await sessions.ContainAsync(signIn.SessionId, context.HttpContext.RequestAborted)
        )
        {
            context.RejectPrincipal();
        }
    }

    private static Task IssueAsync(HttpContext http, SignIn signIn) =>
        http.SignInAsync(SignIn.Scheme, signIn.ToPrincipal());
}
