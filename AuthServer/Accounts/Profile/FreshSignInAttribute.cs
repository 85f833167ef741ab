using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace AuthServer.Accounts.Profile;

/// <summary>
/// Opens a page only to who has proved a moment ago who they are, and sends everybody else to the sign-in page first:
/// the one place that compares passwords (C-65).
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FreshSignInAttribute : Attribute, IAsyncAuthorizationFilter
{
    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        var clock = http.RequestServices.GetRequiredService<TimeProvider>();
        var own = http.RequestServices.GetRequiredService<OwnAccount>();
        var signIn = Data.SignIn.From(http.User);
        var account = await own.FindAsync(http.User, http.RequestAborted);
        if (signIn is null || account is null || !FreshSignIn.IsFresh(signIn, account, clock.GetUtcNow()))
        {
            context.Result = new RedirectToPageResult(
                "/Accounts/Login",
                new
                {
                    returnUrl = http.Request.GetEncodedPathAndQuery(),
                    prompt = signIn is null ? null : "login",
                }
            );
        }
    }
}
