using AuthServer.Audit;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Accounts;

/// <summary>Signs a browser out when the person says so; opening the page changes nothing.</summary>
internal sealed class LogoutModel(SessionCookie session, AuditLog audit) : PageModel
{
    [FromQuery(Name = "returnUrl")]
    public string? Next { get; set; }

    public bool IsSignedIn => Data.SignIn.From(User) is not null;

    public async Task<IActionResult> OnPostAsync()
    {
        if (Data.SignIn.From(User) is { } signIn)
        {
            // Saved together with the end of the session.
            audit.Record(AuditEvent.Logout, accountId: signIn.AccountId, sessionId: signIn.SessionId);
        }

        await session.SignOutAsync(HttpContext, "signed out");
        return ReturnUrl.Local(Next) is { } next
            ? LocalRedirect(next)
            : RedirectToPage("Login", new { notice = Notice.SignedOut });
    }
}
