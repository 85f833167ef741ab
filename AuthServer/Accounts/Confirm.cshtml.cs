using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Accounts;

/// <summary>Where the link in the letter leads. Only the button confirms: programs that read mail open links.</summary>
internal sealed class ConfirmModel(UserManager<Account> users, AuditLog audit) : PageModel
{
    [FromQuery(Name = "id")]
    public string? AccountId { get; set; }

    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    public bool IsRefused { get; private set; }

    public async Task<IActionResult> OnPostAsync()
    {
        var account = await users.FindByIdAsync(AccountId ?? "");
        if (account is null || !await IsValidAsync(account) || !await TryConfirmAsync(account))
        {
            audit.Note(AuditEvent.UserConfirmed, reason: "the link is not good");
            IsRefused = true;
            return Page();
        }

        return RedirectToPage("Login", new { notice = Notice.Confirmed });
    }

    private Task<bool> IsValidAsync(Account account) =>
        users.VerifyUserTokenAsync(
            account,
            LinkTokens.ProviderName,
            UserManager<Account>.ConfirmEmailTokenPurpose,
            Token ?? ""
        );

    private async Task<bool> TryConfirmAsync(Account account)
    {
        if (account.EmailConfirmed)
        {
            return true;
        }

        account.EmailConfirmed = true;
        audit.Record(AuditEvent.UserConfirmed, accountId: account.Id);
        return (await users.UpdateAsync(account)).Succeeded;
    }
}
