using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Connect;

/// <summary>Which clients may act for the person, and the end of it (C-11).</summary>
[Authorize]
internal sealed class AppsModel(GrantedApps granted) : PageModel
{
    [FromQuery(Name = "ended")]
    public bool IsEnded { get; set; }

    public IReadOnlyList<GrantedApp> Apps { get; private set; } = [];

    private string AccountId => Data.SignIn.From(User)!.AccountId;

    public async Task OnGetAsync(CancellationToken cancellation) =>
        Apps = await granted.ListAsync(AccountId, cancellation);

    public async Task<IActionResult> OnPostAsync(string? client, CancellationToken cancellation)
    {
        await granted.RevokeAsync(AccountId, client ?? "", cancellation);
        return RedirectToPage(new { ended = true });
    }
}
