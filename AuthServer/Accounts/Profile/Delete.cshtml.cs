using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts.Profile;

/// <summary>The end of an account, by its owner.</summary>
[FreshSignIn]
internal sealed class DeleteModel(PersonalData data) : PageModel
{
    public async Task<IActionResult> OnPostAsync(bool sure, CancellationToken cancellation)
    {
        if (!sure)
        {
            ModelState.AddModelError("", Say("Tick the box if you are sure."));
            return Page();
        }

        await data.DeleteAsync(Data.SignIn.From(User)!.AccountId, cancellation);
        await SessionCookie.ForgetAsync(HttpContext);
        return RedirectToPage("/Accounts/Login", new { notice = Notice.Deleted });
    }
}
