using AuthServer.Data;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Accounts.Profile;

/// <summary>Where the person is signed in, and the end of it: of one, or of all.</summary>
internal sealed class SessionsModel(SessionRegistry sessions, SessionCookie cookie) : PageModel
{
    [FromQuery(Name = "notice")]
    public string? NoticeWord { get; set; }

    public IReadOnlyList<Session> Sessions { get; private set; } = [];

    /// <summary>The session of the browser that asks.</summary>
    public string Here => Me.SessionId;

    private Data.SignIn Me => Data.SignIn.From(User)!;

    public async Task OnGetAsync(CancellationToken cancellation) =>
        Sessions = await sessions.ListAsync(Me.AccountId, cancellation);

    public async Task<IActionResult> OnPostEndAsync(string? session, CancellationToken cancellation)
    {
        if (session == Here)
        {
            return await LeaveAsync();
        }

        await sessions.EndOwnAsync(
            Me.AccountId,
            session ?? "",
            "the person ended it from another device",
            cancellation
        );
        return RedirectToPage(new { notice = Notice.SignedOutThere });
    }

    public async Task<IActionResult> OnPostEndAllAsync(CancellationToken cancellation)
    {
        await sessions.EndAllAsync(
            Me.AccountId,
            "the person signed out everywhere",
            exceptSessionId: null,
            cancellation
        );
        return await LeaveAsync();
    }

    private async Task<IActionResult> LeaveAsync()
    {
        await cookie.SignOutAsync(HttpContext, "the person signed out");
        return RedirectToPage("/Accounts/Login", new { notice = Notice.SignedOut });
    }
}
