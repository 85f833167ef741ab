using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace AuthServer.Accounts.Profile;

/// <summary>
/// Opens a page only to who has proved a moment ago who they are, and sends everybody else to the sign-in page first:
/// the one place that compares passwords (C-65).
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FreshSignInAttribute : Attribute, IAuthorizationFilter
{
    /// <summary>How long a sign-in is fresh.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        var clock = http.RequestServices.GetRequiredService<TimeProvider>();
        var signIn = Data.SignIn.From(http.User);
        if (signIn is null || signIn.AuthenticatedAt + Freshness <= clock.GetUtcNow())
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
