using AuthServer.Edge;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>Registration by page. What comes next is the same for a known and an unknown address.</summary>
internal sealed class RegisterModel(
    Registration registration,
    PasswordRules passwords,
    IOptions<AccountsOptions> options
) : PageModel
{
    [FromQuery(Name = "returnUrl")]
    public string? Next { get; set; }

    /// <summary>The languages that the client asked for, for the pages that come next.</summary>
    [FromQuery(Name = "ui_locales")]
    public string? UiLocales { get; set; }

    [FromForm]
    public string? Name { get; set; }

    [FromForm]
    public string? Email { get; set; }

    [FromForm]
    public string? Password { get; set; }

    public string PasswordHint => passwords.InWords;

    /// <summary>For <c>aria-invalid</c>; null leaves the attribute out.</summary>
    public string? Invalid(string field) =>
        ModelState.GetFieldValidationState(field) == ModelValidationState.Invalid ? "true" : null;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        var result = await registration.RegisterAsync(new NewAccount(Email, Password, Name), cancellation);
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
