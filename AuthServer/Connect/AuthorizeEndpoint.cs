using System.Text.Json;
using AuthServer.Connect.Engine;
using AuthServer.Data;
using AuthServer.Data.Statements;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect;

/// <summary>
/// Decides what an authorization request still needs: a sign-in, a fresh one, a choice of account, consent; then
/// gives the code. Every page comes back here, and none of them knows the next.
/// </summary>
internal sealed class AuthorizeEndpoint(
    Interactions interactions,
    Consents consents,
    Issue issue,
    IOpenIddictApplicationManager applications,
    TimeProvider clock
)
{
    /// <summary>RFC 6749 §4.1.1, OpenID Connect Core §3.1.2. The engine has checked client, redirect URI and PKCE.</summary>
    public static Task<IResult> HandleAsync(HttpContext http, AuthorizeEndpoint endpoint) =>
        endpoint.DecideAsync(http);

    private async Task<IResult> DecideAsync(HttpContext http)
    {
        var request = http.GetOpenIddictServerRequest()!;
        var engine = await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        var signIn = SignIn.From((await http.AuthenticateAsync(SignIn.Scheme)).Principal);
        var interaction = interactions.Read(http);

        if (signIn is null && HttpMethods.IsPost(http.Request.Method))
        {
            // A browser keeps our cookie back when another site posts here (SameSite=Lax), but not when it is sent
            // here: it may be signed in after all.
            return Results.LocalRedirect(Interactions.UrlOf(Interactions.RequestOf(http)));
        }

        if (interaction is null && IsStale(http))
        {
            return OAuthError.RequestExpired();
        }

        // 1. Who? A sign-in, as fresh as the request wants it, of the person it wants.
        var hint = engine.Principal?.GetClaim(Claims.Subject);
        var isOther = signIn is not null && hint is not null && hint != signIn.AccountId;
        var hasSignedIn = signIn?.AuthenticatedAt >= interaction?.AskedAt;
        if (signIn is null || isOther || (NeedsFreshSignIn(request, signIn) && !hasSignedIn))
        {
            return request.HasPromptValue(PromptValues.None) ? OAuthError.LoginRequired()
                : isOther && hasSignedIn ? OAuthError.OtherPerson()
                : Ask(http, request, interaction, signIn is null ? null : PromptValues.Login);
        }

        if (NeedsChoice(request, signIn, interaction))
        {
            return Ask(http, request, interaction, PromptValues.SelectAccount);
        }

        // 2. May the client?
        var client = (await applications.FindByClientIdAsync(request.ClientId!, http.RequestAborted))!;
        var scopes = request.GetScopes();
        var answer = interaction?.ConsentSessionId == signIn.SessionId ? interaction.Consent : null;
        if (answer is false)
        {
            return OAuthError.AccessDenied();
        }

        var mustAsk = request.HasPromptValue(PromptValues.Consent) && answer is null;
        if (
            mustAsk
            || !await consents.AllowAsync(request, client, signIn.AccountId, scopes, http.RequestAborted)
        )
        {
            if (request.HasPromptValue(PromptValues.None))
            {
                return OAuthError.ConsentRequired();
            }

            var state = interactions.Seal(interaction ?? interactions.Begin(http, request));
            return Results.LocalRedirect(
                QueryHelpers.AddQueryString(
                    "/connect/consent",
                    new Dictionary<string, string?>(StringComparer.Ordinal)
                    {
                        [Interaction.Parameter] = state,
                        [Parameters.UiLocales] = request.UiLocales,
                    }
                )
            );
        }

        // 3. Then here is the code, the first of a new family.
        var applicationId = (await applications.GetIdAsync(client, http.RequestAborted))!;
        var granted = JsonSerializer.Serialize(scopes);
        var family = new NewFamily(applicationId, signIn, granted, clock.GetUtcNow().UtcDateTime);
        issue.Begin(family);
        return Results.SignIn(
            Subject.OfCode(signIn, scopes, family.Id),
            authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme
        );
    }

    // Whether a sign-in that this request did not ask for is not enough.
    private bool NeedsFreshSignIn(OpenIddictRequest request, SignIn signIn) =>
        request.HasPromptValue(PromptValues.Login)
        || (request.MaxAge is { } seconds && signIn.AuthenticatedAt.AddSeconds(seconds) <= clock.GetUtcNow());

    private static bool NeedsChoice(OpenIddictRequest request, SignIn signIn, Interaction? interaction) =>
        request.HasPromptValue(PromptValues.SelectAccount)
        && (interaction is null || signIn.ChosenAt < interaction.AskedAt);

    private IResult Ask(HttpContext http, OpenIddictRequest request, Interaction? interaction, string? prompt)
    {
        var resume = (interaction ?? interactions.Begin(http, request)).ResumeUrl(interactions);
        return Results.LocalRedirect(
            QueryHelpers.AddQueryString(
                "/account/login",
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["returnUrl"] = resume,
                    ["prompt"] = prompt,
                    [Parameters.LoginHint] = request.LoginHint,
                    [Parameters.UiLocales] = request.UiLocales,
                }
            )
        );
    }

    // RFC 9126 §2.2: a pushed request must get here within its lifetime; from then on the person has time.
    private bool IsStale(HttpContext http)
    {
        var transaction = http.Features.Get<OpenIddictServerAspNetCoreFeature>()?.Transaction;
        var presented = transaction?.GetProperty<ProcessAuthenticationContext>(
            typeof(ProcessAuthenticationContext).FullName!
        );
        return presented?.RequestTokenPrincipal?.GetCreationDate() is { } pushedAt
            && pushedAt + PushedRequestLifetime.UntilVisit < clock.GetUtcNow();
    }
}
