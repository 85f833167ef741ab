using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace WebApp.Pages;

/// <summary>The orders of the person who is signed in, fetched with their access token.</summary>
[Authorize]
internal sealed class IndexModel(OrdersApi api, FreshTokens tokens) : PageModel
{
    public IReadOnlyList<Order> Orders { get; private set; } = [];

    public string? Problem { get; private set; }

    /// <summary>Tells one access token from another. The token itself has no business on a page.</summary>
    public string TokenFingerprint { get; private set; } = "";

    public DateTimeOffset TokenExpiry { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        var session = await HttpContext.AuthenticateAsync();
        var token = session.Properties?.GetTokenValue("access_token") ?? "";
        TokenFingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..12];
        TokenExpiry = FreshTokens.ExpiryOf(session.Properties!);
        try
        {
            Orders = await api.ListAsync(token, cancellation);
        }
        catch (HttpRequestException exception)
        {
            Problem =
                $"The orders are not available now ({exception.StatusCode?.ToString() ?? "no answer"}).";
        }
    }

    public async Task<IActionResult> OnPostRefreshAsync()
    {
        var session = await HttpContext.AuthenticateAsync();
        if (!await tokens.TryRefreshAsync(session.Properties!))
        {
            return Challenge(new AuthenticationProperties { RedirectUri = Url.Page("Index", null, null) });
        }

        await HttpContext.SignInAsync(session.Principal!, session.Properties);
        return RedirectToPage("Index", null);
    }

    // Here and at AuthServer, which then sends the browser to the page of RedirectUri.
    public IActionResult OnPostSignOut() =>
        SignOut(
            new AuthenticationProperties { RedirectUri = Url.Page("SignedOut") },
            CookieAuthenticationDefaults.AuthenticationScheme,
            OpenIdConnectDefaults.AuthenticationScheme
        );
}
