using AuthServer.Data;
using AuthServer.Edge;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts;

/// <summary>
/// Sign-in by password, and the choice between going on as who is signed in and another account. It is sent here
/// with a local <c>returnUrl</c>, and knows nothing of what waits there.
/// </summary>
internal sealed class LoginModel(
    PasswordSignIn passwords,
    SessionCookie session,
    TrustedDevice device,
    UserManager<Account> users
) : FormPage
{
    [FromQuery(Name = "returnUrl")]
    public string? Next { get; set; }

    /// <summary>The address that is filled in (OpenID Connect Core §3.1.2.1).</summary>
    [FromQuery(Name = "login_hint")]
    public string? LoginHint { get; set; }

    /// <summary>Among its words <c>login</c>: being signed in is not enough.</summary>
    [FromQuery(Name = "prompt")]
    public string? Prompt { get; set; }

    [FromQuery(Name = "notice")]
    public string? NoticeWord { get; set; }

    [FromForm]
    public string? Email { get; set; }

    [FromForm]
    public string? Password { get; set; }

    public Account? SignedIn { get; private set; }

    public bool MayContinue => SignedIn is not null && !MustProveAgain;

    /// <summary>False when it would lead back to here: whoever has a password proves themselves again by that.</summary>
    public bool MayProveElsewhere =>
        !MustProveAgain || SignedIn is null || FreshSignIn.MayProveElsewhere(SignedIn);

    private bool MustProveAgain => Prompt?.Split(' ').Contains("login", StringComparer.Ordinal) == true;

    public async Task OnGetAsync()
    {
        await FindSignedInAsync();
        Email = LoginHint ?? (MustProveAgain ? SignedIn?.Email : null);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        var answer = await passwords.CheckAsync(HttpContext, Email, Password, cancellation);
        if (answer.Refusal is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        if (answer.Account is not { } account)
        {
            // The same for every reason: unknown, wrong, locked, disabled, not confirmed.
            ModelState.AddModelError(
                "",
                Say(
                    "That did not work. Check the address and the password. If you have just registered, open the letter that we sent you first."
                )
            );
            await FindSignedInAsync();
            return Page();
        }

        await session.SignInAsync(HttpContext, account, ["pwd"]);
        device.Remember(HttpContext, account);
        return LocalRedirect(ReturnUrl.OrHome(Next));
    }

    public async Task<IActionResult> OnPostContinueAsync()
    {
        await FindSignedInAsync();
        if (!MayContinue || Data.SignIn.From(User) is not { } signIn)
        {
            return Page();
        }

        await session.ChooseAsync(HttpContext, signIn);
        return LocalRedirect(ReturnUrl.OrHome(Next));
    }

    private async Task FindSignedInAsync() =>
        SignedIn = Data.SignIn.From(User) is { } signIn ? await users.FindByIdAsync(signIn.AccountId) : null;
}
