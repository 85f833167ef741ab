using Microsoft.AspNetCore.Mvc;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts.Recovery;

/// <summary>Asks for a letter with a link to a new password. The answer is the same for every address.</summary>
internal sealed class ForgotModel(PasswordReset reset) : FormPage
{
    [FromQuery(Name = "login_hint")]
    public string? LoginHint { get; set; }

    [FromForm]
    public string? Email { get; set; }

    public bool IsSent { get; private set; }

    public void OnGet() => Email = LoginHint;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        if (!EmailAddress.TryParse(Email, out var address))
        {
            ModelState.AddModelError(nameof(Email), Say("Enter an e-mail address such as ada@example.org."));
            return Page();
        }

        await reset.RequestAsync(HttpContext.Connection.RemoteIpAddress, address, cancellation);
        IsSent = true;
        return Page();
    }
}
