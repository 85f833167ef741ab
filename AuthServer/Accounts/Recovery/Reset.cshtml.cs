using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Accounts.Recovery;

/// <summary>Where the link to a new password leads. Opening it uses nothing up: programs that read mail open links.</summary>
internal sealed class ResetModel(PasswordReset reset, PasswordRules rules, TrustedDevice device)
    : NewPasswordPage(rules)
{
    [FromQuery(Name = "id")]
    public string? AccountId { get; set; }

    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    /// <summary>For password managers, which keep it beside the password.</summary>
    public string? Email { get; private set; }

    public bool IsGone { get; private set; }

    public async Task OnGetAsync()
    {
        Email = (await reset.FindAsync(AccountId, Token))?.Email;
        IsGone = Email is null;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        var answer = await reset.ResetAsync(
            HttpContext.Connection.RemoteIpAddress,
            AccountId,
            Token,
            Password,
            cancellation
        );
        if (answer.Account is not null)
        {
            // Whoever attacks the account at this moment does not keep its owner out of the sign-in that follows.
            device.Remember(HttpContext, answer.Account);
            return RedirectToPage("/Accounts/Login", new { notice = Notice.PasswordChanged });
        }

        IsGone = answer is { IsGone: true, Refusal: null };
        return IsGone ? Page() : Refuse(answer);
    }
}
