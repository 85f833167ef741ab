using AuthServer.Audit;
using AuthServer.Sessions;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Looks once more whether the person allows it, when the family of a code has begun: whoever took it away meanwhile did not
/// find that family.
/// </summary>
internal sealed class RequireStandingConsent(
    Consents consents,
    RefreshFamilies families,
    IOpenIddictApplicationManager applications
) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (
            context.EndpointType is not OpenIddictServerEndpointType.Authorization
            || context.Principal!.GetAuthorizationId() is not { } familyId
        )
        {
            return;
        }

        var cancellation = context.CancellationToken;
        var client = await applications.FindByClientIdAsync(context.ClientId!, cancellation);
        var account = context.Principal!.GetClaim(Claims.Subject)!;
        var scopes = context.Principal!.GetScopes();
        if (
            client is null
            || !await consents.AllowAsync(context.Request!, client, account, scopes, cancellation)
        )
        {
            await families.EndAsync(familyId, AuditEvent.ConsentRevoked, cancellation);
            context.Reject(Errors.AccessDenied, OAuthError.NotAllowed);
        }
    }
}
