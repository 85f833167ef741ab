using AuthServer.Audit;
using AuthServer.Edge;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Accounts.External;

/// <summary>Where all providers send a browser back to, with what they vouch for in the cookie. It is used once.</summary>
internal sealed class ArriveModel(
    Reception reception,
    FederatedSignIn signIn,
    IEnumerable<ExternalProvider> providers,
    AuditLog audit
) : FormPage
{
    [FromQuery(Name = "returnUrl")]
    public string? Next { get; set; }

    public async Task<IActionResult> OnGetAsync()
    {
        var arrived = await HttpContext.AuthenticateAsync(Arrivals.Scheme);
        var identity = ExternalIdentity.From(arrived.Principal);
        if (identity is null || providers.All(provider => provider.Id != identity.Provider))
        {
            audit.Note(AuditEvent.FederationLogin, reason: "nobody has arrived in this browser");
            return new RefusalResult(RemoteTrouble.NothingWaits);
        }

        var connectTo = Arrivals.ConnectingTo(arrived);
        if (connectTo is not null && connectTo != Data.SignIn.From(User)?.AccountId)
        {
            // Somebody else is signed in by now, or nobody; they asked for no such thing.
            await HttpContext.SignOutAsync(Arrivals.Scheme);
            audit.Note(AuditEvent.FederationLinkRefused, reason: "asked for in another session");
            return new RefusalResult(RemoteTrouble.NothingWaits);
        }

        var next = ReturnUrl.Local(Next);
        var received = await reception.ReceiveAsync(HttpContext, new Arrival(identity, next, connectTo));
        var url = await signIn.GoOnAsync(HttpContext, received, next);
        return LocalRedirect(
            received.Account is null && UiLocales is not null
                ? QueryHelpers.AddQueryString(url, "ui_locales", UiLocales)
                : url
        );
    }
}
