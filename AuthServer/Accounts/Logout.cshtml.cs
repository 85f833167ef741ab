using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Accounts;

/// <summary>Signs a browser out when the person says so; opening the page changes nothing.</summary>
internal sealed class LogoutModel(SessionCookie session) : PageModel
{
    [FromQuery(Name = "returnUrl")]
    public string? Next { get; set; }

    public bool IsSignedIn => Data.SignIn.From(User) is not null;

    public async Task<IActionResult> OnPostAsync()
    {
        await session.SignOutAsync(HttpContext, "signed out");
        return ReturnUrl.Local(Next) is { } next
            ? LocalRedirect(next)
            : RedirectToPage("Login", new { notice = Notice.SignedOut });
    }
}
