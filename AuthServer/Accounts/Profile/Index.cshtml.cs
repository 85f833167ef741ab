using AuthServer.Language;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Accounts.Profile;

/// <summary>My account: what others see of the person, the language they read, and the way to everything else.</summary>
internal sealed class IndexModel(OwnAccount own) : FormPage
{
    [FromQuery(Name = "notice")]
    public string? NoticeWord { get; set; }

    [FromForm]
    public string? Name { get; set; }

    [FromForm]
    public string? Language { get; set; }

    public string? Email { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        if (await own.FindAsync(User, cancellation) is not { } account)
        {
            return Challenge();
        }

        (Name, Language, Email) = (account.Name, account.Language, account.Email);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        if (await own.FindAsync(User, cancellation) is not { } account)
        {
            return Challenge();
        }

        Email = account.Email;
        if (PersonName.Broken(Name) is { Count: > 0 } broken)
        {
            ModelState.AddModelError(nameof(Name), string.Join(' ', broken));
            return Page();
        }

        account.Name = PersonName.Clean(Name!);
        account.Language = Languages.IsSpoken(Language) ? Language : null;
        await own.UpdateAsync(account.Id, account.Name, account.Language, cancellation);
        OwnAccount.Speak(HttpContext, account);
        return RedirectToPage(new { notice = Notice.Saved });
    }
}
