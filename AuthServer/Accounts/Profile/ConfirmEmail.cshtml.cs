using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Accounts.Profile;

/// <summary>Where the link in the letter to a new address leads. Only the button changes anything.</summary>
internal sealed class ConfirmEmailModel(OwnAccount own, AddressChange change) : FormPage
{
    [FromQuery(Name = "address")]
    public string? Address { get; set; }

    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    public bool IsRefused { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellation) =>
        IsRefused =
            await own.FindAsync(User, cancellation) is not { } account
            || !EmailAddress.TryParse(Address, out var address)
            || !change.IsGood(account, address, Token);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        var accountId = Data.SignIn.From(User)!.AccountId;
        var account = EmailAddress.TryParse(Address, out var address)
            ? await change.ConfirmAsync(accountId, address, Token, cancellation)
            : null;
        if (account is null)
        {
            IsRefused = true;
            return Page();
        }

        await own.StayAsync(HttpContext, account);
        return RedirectToPage("Index", new { notice = Notice.AddressChanged });
    }
}
