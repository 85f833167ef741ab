using AuthServer.Edge;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>Registration by page. What comes next is the same for a known and an unknown address.</summary>
internal sealed class RegisterModel(
    Registration registration,
    PasswordRules passwords,
    IOptions<AccountsOptions> options
) : FormPage
{
    [FromQuery(Name = "returnUrl")]
    public string? Next { get; set; }

    [FromForm]
    public string? Name { get; set; }

    [FromForm]
    public string? Email { get; set; }

    [FromForm]
    public string? Password { get; set; }

    public string PasswordHint => passwords.InWords;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        var result = await registration.RegisterAsync(
            new NewAccount(Email, Password, Name),
            HttpContext.Connection.RemoteIpAddress,
            cancellation
        );
        if (result.Refusal is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        foreach (var (field, broken) in result.Errors)
        {
            // One message a field is all that the page shows.
            ModelState.AddModelError(field, string.Join(' ', broken));
        }

        if (!ModelState.IsValid)
        {
            return Page();
        }

        // Nobody is signed in here: that would tell whether the address was new.
        return options.Value.RequireConfirmedEmail
            ? RedirectToPage("CheckMail", new { ui_locales = UiLocales })
            : RedirectToPage(
                "Login",
                new
                {
                    returnUrl = ReturnUrl.Local(Next),
                    notice = Notice.Ready,
                    ui_locales = UiLocales,
                }
            );
    }
}
