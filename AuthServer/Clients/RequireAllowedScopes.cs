using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Clients;

/// <summary>
/// A client gets no scope that it was not given; takes the place of the engine's own check, which lets every client
/// ask for <c>openid</c> and <c>offline_access</c> and answers <c>invalid_request</c> for <c>invalid_scope</c>.
/// </summary>
internal sealed class RequireAllowedScopes(IOpenIddictApplicationManager applications)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) =>
        CheckAsync(context, context.ClientId!, context.Request);

    public ValueTask HandleAsync(ValidateTokenRequestContext context) =>
        CheckAsync(context, context.ClientId!, context.Request);

    private async ValueTask CheckAsync(
        BaseValidatingContext context,
        string clientId,
        OpenIddictRequest request
    )
    {
        var client = (await applications.FindByClientIdAsync(clientId, context.CancellationToken))!;
        foreach (var scope in request.GetScopes())
        {
            var permission = Permissions.Prefixes.Scope + scope;
            if (!await applications.HasPermissionAsync(client, permission, context.CancellationToken))
            {
                context.Reject(Errors.InvalidScope, $"This client may not ask for the scope '{scope}'.");
                return;
            }
        }
    }
}
