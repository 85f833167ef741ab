using AuthServer.Edge;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Accounts.External;

/// <summary>Sends a browser to a provider. A form of ours must ask for it: nobody else may begin a sign-in in somebody's browser.</summary>
internal sealed class StartModel(IEnumerable<ExternalProvider> providers) : FormPage
{
    [FromForm(Name = "provider")]
    public string? Provider { get; set; }

    [FromForm(Name = "returnUrl")]
    public string? Next { get; set; }

    public IActionResult OnGet() => Redirect("/account/login");

    public IActionResult OnPost() =>
        providers.FirstOrDefault(provider => provider.Id == Provider) is { } provider
            ? Challenge(Arrivals.Depart(Next, uiLocales: UiLocales), provider.Scheme)
            : new RefusalResult(Refusal.Of(StatusCodes.Status400BadRequest));
}
