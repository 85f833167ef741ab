using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Edge;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts;

/// <summary>
/// Where the link in the letter leads: the mailbox and the password together confirm. A click alone would confirm an
/// account that somebody else has made with this address, and knows the password of.
/// </summary>
internal sealed class ConfirmModel(
    UserManager<Account> users,
    AccountLinks links,
    PasswordSignIn passwords,
    SessionCookie session,
    TrustedDevice device,
    AuditLog audit
) : FormPage
{
    [FromQuery(Name = "id")]
    public string? AccountId { get; set; }

    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    [FromForm]
    public string? Password { get; set; }

    public string? Email { get; private set; }

    public bool IsRefused => Email is null;

    public Task OnGetAsync() => FindAsync();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        await FindAsync();
        if (IsRefused)
        {
            return Page();
        }

        var answer = await passwords.CheckAsync(
            HttpContext,
            Email,
            Password,
            cancellation,
            isMailboxProven: true
        );
        if (answer.Refusal is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        if (answer.Account is not { } account)
        {
            ModelState.AddModelError("", Say("That did not work. Check the password."));
            return Page();
        }

        if (!account.EmailConfirmed)
        {
            account.EmailConfirmed = true;
            // Whoever decides at this moment what to do with an unconfirmed account decides again.
            account.ConcurrencyStamp = Guid.NewGuid().ToString();
            audit.Record(AuditEvent.UserConfirmed, accountId: account.Id);
        }

        // Saves what was recorded, and that the address is confirmed.
        await session.SignInAsync(HttpContext, account, ["pwd"]);
        device.Remember(HttpContext, account);
        return RedirectToPage("/Accounts/Profile/Index", new { notice = Notice.Confirmed });
    }

    private async Task FindAsync()
    {
        var account = await users.FindByIdAsync(AccountId ?? "");
        if (account is not null && links.IsConfirmation(account, Token))
        {
            Email = account.Email;
        }
        else
        {
            audit.Note(AuditEvent.UserConfirmed, reason: "the link is not good");
        }
    }
}
