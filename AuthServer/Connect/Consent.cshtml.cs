using System.Collections.Immutable;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OpenIddict.Abstractions;

namespace AuthServer.Connect;

/// <summary>Asks the person whether a client may have what it asks for. The answer goes back to the authorization endpoint.</summary>
[Authorize]
internal sealed class ConsentModel(
    Interactions interactions,
    Consents consents,
    AuthDb db,
    AuditLog audit,
    IOpenIddictApplicationManager applications,
    IOpenIddictScopeManager scopes
) : PageModel
{
    public string ClientName { get; private set; } = "";

    public IReadOnlyList<string> Wishes { get; private set; } = [];

    /// <summary>Where the browser goes next, so that a person can tell a look-alike.</summary>
    public string ReturnsTo { get; private set; } = "";

    public string State { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(string? interaction)
    {
        if (await ReadAsync(interaction) is not { } asked)
        {
            return BadRequest();
        }

        ClientName = await applications.GetDisplayNameAsync(asked.Client) ?? asked.ClientId;
        Wishes = await ScopeWords.ForAsync(scopes, asked.Scopes, HttpContext.RequestAborted);
        // Left out of the request, it is the only one that the client has (RFC 6749 §3.1.2.3).
        var redirectUri =
            asked.State.RedirectUri ?? (await applications.GetRedirectUrisAsync(asked.Client))[0];
        var uri = new Uri(redirectUri);
        ReturnsTo = uri.Host.Length > 0 ? uri.GetLeftPart(UriPartial.Authority) : uri.Scheme;
        State = interaction!;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? interaction, string? answer)
    {
        if (await ReadAsync(interaction) is not { } asked || Data.SignIn.From(User) is not { } signIn)
        {
            return BadRequest();
        }

        var isAllowed = answer == "allow";
        if (isAllowed)
        {
            await consents.RememberAsync(
                asked.Client,
                signIn.AccountId,
                asked.Scopes,
                HttpContext.RequestAborted
            );
        }
        else
        {
            audit.Record(AuditEvent.ConsentDenied, accountId: signIn.AccountId, clientId: asked.ClientId);
            await db.SaveChangesAsync(HttpContext.RequestAborted);
        }

        var answered = asked.State with { Consent = isAllowed, ConsentSessionId = signIn.SessionId };
        return LocalRedirect(answered.ResumeUrl(interactions));
    }

    private async Task<Asked?> ReadAsync(string? text)
    {
        if (interactions.Open(text) is not { } state)
        {
            return null;
        }

        var client = await applications.FindByClientIdAsync(state.ClientId, HttpContext.RequestAborted);
        return client is null ? null : new Asked(state, client);
    }

    private sealed record Asked(Interaction State, object Client)
    {
        public string ClientId => State.ClientId;

        public ImmutableArray<string> Scopes => State.Scopes;
    }
}
