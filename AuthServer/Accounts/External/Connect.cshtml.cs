using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Edge;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Accounts.External;

/// <summary>
/// Asks whether a login that waits in this browser is to open the account from now on. The account must have been proved
/// minutes ago, in this very session, and must be the one that the login waits for.
/// </summary>
internal sealed class ConnectModel(
    PendingIdentities pending,
    LinkedLogins logins,
    IEnumerable<ExternalProvider> providers,
    UserManager<Account> users,
    AuditLog audit,
    TimeProvider clock
) : PageModel
{
    public string ProviderName { get; private set; } = "";

    public string? ExternalEmail { get; private set; }

    public string? Email { get; private set; }

    public bool IsRefused { get; private set; }

    public Task<IActionResult> OnGetAsync() =>
        WithProofAsync((_, _, _) => Task.FromResult<IActionResult>(Page()));

    public Task<IActionResult> OnPostAsync() => WithProofAsync(ConnectAsync);

    private async Task<IActionResult> WithProofAsync(
        Func<PendingIdentity, Account, SignIn, Task<IActionResult>> goOn
    )
    {
        var waiting = await pending.FindAsync(HttpContext);
        var provider = providers.FirstOrDefault(provider => provider.Id == waiting?.Provider);
        if (waiting is null || provider is null)
        {
            return new RefusalResult(RemoteTrouble.NothingWaits);
        }

        var signIn = Data.SignIn.From(User);
        var account = signIn is null ? null : await users.FindByIdAsync(signIn.AccountId);
        if (signIn is null || account is null || !FreshSignIn.IsFresh(signIn, account, clock.GetUtcNow()))
        {
            return Redirect("/account/login?prompt=login&returnUrl=%2Faccount%2Fexternal%2Fconnect");
        }

        (ProviderName, ExternalEmail, Email) = (provider.DisplayName, waiting.Email, account.Email);
        // An account that is nobody's yet has nothing to connect: its maker could lie in wait for the owner of the address.
        return
            account.EmailConfirmed && await pending.TryBindAsync(waiting, signIn, HttpContext.RequestAborted)
            ? await goOn(waiting, account, signIn)
            : Refuse(account);
    }

    private async Task<IActionResult> ConnectAsync(PendingIdentity waiting, Account account, SignIn signIn)
    {
        if (!await logins.TryConnectAsync(account, waiting, signIn, HttpContext.RequestAborted))
        {
            return Refuse(account);
        }

        await HttpContext.SignOutAsync(Arrivals.Scheme);
        return LocalRedirect(ReturnUrl.Local(waiting.ReturnUrl) ?? "/account/logins");
    }

    private PageResult Refuse(Account account)
    {
        audit.Note(
            AuditEvent.FederationLinkRefused,
            accountId: account.Id,
            reason: "waits for no account, another one or another session, or is linked"
        );
        IsRefused = true;
        return Page();
    }
}
