using AuthServer.Audit;
using AuthServer.Limits;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Accounts.Profile;

/// <summary>A new password for who is signed in; also the first one, for who came by another way.</summary>
[FreshSignIn]
internal sealed class PasswordModel(OwnAccount own, NewPassword passwords, PasswordRules rules)
    : NewPasswordPage(rules)
{
    /// <summary>For password managers, which keep it beside the password.</summary>
    public string? Email { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellation) =>
        Email = (await own.FindAsync(User, cancellation))?.Email;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        if (await own.FindAsync(User, cancellation) is not { } account)
        {
            return Challenge();
        }

        Email = account.Email;
        var answer = await passwords.SetAsync(
            account,
            Password,
            AuditEvent.PasswordChanged,
            // A reset or another change since this request began ended this session, and with it the right to this.
            now => now.SecurityStamp == account.SecurityStamp,
            Lane.Known,
            cancellation
        );
        if (answer.IsGone)
        {
            return Challenge();
        }

        if (answer.Account is null)
        {
            return Refuse(answer);
        }

        await own.StayAsync(HttpContext, answer.Account);
        return RedirectToPage("Index", new { notice = Notice.PasswordSet });
    }
}
