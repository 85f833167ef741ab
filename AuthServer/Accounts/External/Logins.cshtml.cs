using AuthServer.Data;
using AuthServer.Edge;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Accounts.External;

/// <summary>Shows the logins at providers that open the account, and connects and disconnects them after a fresh sign-in.</summary>
[Authorize]
internal sealed class LoginsModel(
    LinkedLogins logins,
    IEnumerable<ExternalProvider> providers,
    UserManager<Account> users,
    TimeProvider clock
) : PageModel
{
    public IReadOnlyList<IdentityUserLogin<string>> Logins { get; private set; } = [];

    public IEnumerable<ExternalProvider> Providers => providers;

    public bool IsRefused { get; private set; }

    /// <summary>The name of the provider, or its issuer when it is no longer in the configuration.</summary>
    public string NameOf(IdentityUserLogin<string> login) =>
        providers.FirstOrDefault(provider => provider.Vouches(login.LoginProvider))?.DisplayName
        ?? login.LoginProvider;

    public async Task OnGetAsync() => await ShowAsync(Data.SignIn.From(User)!.AccountId);

    public Task<IActionResult> OnPostConnectAsync([FromForm] string? provider) =>
        WhenFreshAsync(
            (account, _) =>
                Task.FromResult<IActionResult>(
                    providers.FirstOrDefault(known => known.Id == provider) is { } known
                        ? Challenge(Arrivals.Depart("/account/logins", account.Id), known.Scheme)
                        : new RefusalResult(Refusal.Of(StatusCodes.Status400BadRequest))
                )
        );

    public Task<IActionResult> OnPostDisconnectAsync([FromForm] string? issuer, [FromForm] string? subject) =>
        WhenFreshAsync(
            async (account, signIn) =>
            {
                if (
                    await logins.TryDisconnectAsync(
                        account,
                        issuer ?? "",
                        subject ?? "",
                        signIn,
                        HttpContext.RequestAborted
                    )
                )
                {
                    return Redirect("/account/logins");
                }

                await ShowAsync(account.Id);
                IsRefused = Logins.Any(login =>
                    login.LoginProvider == issuer && login.ProviderKey == subject
                );
                return Page();
            }
        );

    private async Task<IActionResult> WhenFreshAsync(Func<Account, SignIn, Task<IActionResult>> goOn)
    {
        var signIn = Data.SignIn.From(User)!;
        var account = await users.FindByIdAsync(signIn.AccountId);
        return account is not null && FreshSignIn.IsFresh(signIn, account, clock.GetUtcNow())
            ? await goOn(account, signIn)
            : Redirect("/account/login?prompt=login&returnUrl=%2Faccount%2Flogins");
    }

    private async Task ShowAsync(string accountId) =>
        Logins = await logins.ListAsync(accountId, HttpContext.RequestAborted);
}
