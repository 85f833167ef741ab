using Microsoft.AspNetCore.Mvc;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts.Profile;

/// <summary>Asks for another e-mail address. The answer is the same whether somebody else has it or not.</summary>
[FreshSignIn]
internal sealed class EmailModel(OwnAccount own, AddressChange change) : FormPage
{
    [FromForm]
    public string? Email { get; set; }

    public string? Current { get; private set; }

    public bool IsSent { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellation) =>
        Current = (await own.FindAsync(User, cancellation))?.Email;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        if (await own.FindAsync(User, cancellation) is not { } account)
        {
            return Challenge();
        }

        Current = account.Email;
        if (!EmailAddress.TryParse(Email, out var address))
        {
            ModelState.AddModelError(nameof(Email), Say("Enter an e-mail address such as ada@example.org."));
        }
        else if (address.Canonical == account.NormalizedEmail)
        {
            ModelState.AddModelError(nameof(Email), Say("This is your address already."));
        }
        else
        {
            await change.RequestAsync(HttpContext.Connection.RemoteIpAddress, account, address, cancellation);
            Email = address.Text;
            IsSent = true;
        }

        return Page();
    }
}
