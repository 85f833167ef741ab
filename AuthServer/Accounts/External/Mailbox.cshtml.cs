using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Accounts.External;

/// <summary>
/// Where the letter's link leads. It counts only in the browser that began: otherwise a stranger could have the owner of a
/// mailbox prove it for them. Only the button does it: programs that read mail open links.
/// </summary>
internal sealed class MailboxModel(
    PendingIdentities pending,
    Reception reception,
    FederatedSignIn signIn,
    AuditLog audit
) : PageModel
{
    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    public PendingIdentity? Waiting { get; private set; }

    public Task OnGetAsync() => FindAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        await FindAsync();
        if (
            Waiting is null
            || !await pending.TryUseAsync(Waiting, sessionId: null, HttpContext.RequestAborted)
        )
        {
            audit.Note(AuditEvent.FederationLogin, reason: "the link is not good in this browser");
            Waiting = null;
            return Page();
        }

        var arrival = new Arrival(
            PendingIdentities.IdentityOf(Waiting),
            Waiting.ReturnUrl,
            IsMailboxProven: true
        );
        var received = await reception.ReceiveAsync(HttpContext, arrival);
        return LocalRedirect(await signIn.GoOnAsync(HttpContext, received, Waiting.ReturnUrl));
    }

    private async Task FindAsync()
    {
        var waiting = await pending.FindAsync(HttpContext);
        Waiting = waiting is not null && PendingIdentities.IsProvedBy(waiting, Token) ? waiting : null;
    }
}
