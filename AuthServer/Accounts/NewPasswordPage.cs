using AuthServer.Edge;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Accounts;

/// <summary>What the pages have in common on which a person chooses a new password.</summary>
internal abstract class NewPasswordPage(PasswordRules rules) : FormPage
{
    [FromForm]
    public string? Password { get; set; }

    public string PasswordHint => rules.InWords;

    /// <summary>The answer to one that was not taken: what is wrong with it, or why nothing was tried.</summary>
    protected IActionResult Refuse(PasswordAnswer answer)
    {
        if (answer.Refusal is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        ModelState.AddModelError(nameof(Password), answer.Broken ?? "");
        return Page();
    }
}
